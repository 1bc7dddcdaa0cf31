// How the card puts together what it hears, and goes on hearing it.
import assert from "node:assert/strict";
import { mock, test } from "node:test";

const FRONTEND = new URL(
  "../../custom_components/plex_activities/frontend/",
  import.meta.url,
);
const { afterMessage, Feed, NOTHING } = await import(new URL("feed.js", FRONTEND));

const now = "2026-01-01T12:00:00Z";
const one = {
  config_entry_id: "one",
  complete: true,
  name: "Plex",
  status: "online",
  transport: "websocket",
  activities: [{ activity_id: "a", progress: 1 }],
  recent: [],
};
const FIRST = { card: "v1", now, servers: [one] };

/** Return what is known after messages. */
const after = (...messages) =>
  messages.reduce((known, message) => afterMessage(known, { now, ...message }, 0), NOTHING);

/** A connection that says nothing by itself. */
class Connection extends EventTarget {
  connected = true;
  subscriptions = [];
  ended = 0;
  error = null;

  async subscribeMessage(hear, request, options) {
    if (this.error) throw this.error;
    this.subscriptions.push({ hear, request, options });
    return async () => void this.ended++;
  }

  get hear() {
    return this.subscriptions.at(-1).hear;
  }
}

/** Wait until everything that can go on has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Open a feed, and return what it heard. */
function open(connection, entryId) {
  const heard = [];
  const feed = new Feed(connection, entryId, (known) => heard.push(known));
  return { feed, heard };
}

test("changes are put into what was known", () => {
  const known = after(
    FIRST,
    { servers: [{ config_entry_id: "one", activities: [{ activity_id: "b" }] }] },
    { servers: [{ config_entry_id: "one", gone: ["a"], recent: [{ activity_id: "a" }] }] },
    { servers: [{ config_entry_id: "one", status: "offline", transport: null }] },
  );
  const server = known.servers.get("one");
  assert.deepEqual([...server.activities.keys()], ["b"]);
  assert.equal(server.recent.length, 1);
  assert.equal(server.status, "offline");
  assert.equal(server.transport, null);
  assert.equal(server.name, "Plex");
  assert.equal(known.card, "v1");
});

test("what is said of a server as a whole replaces what was known of it", () => {
  const known = after(FIRST, { servers: [{ ...one, activities: [], status: "loading" }] });
  assert.equal(known.servers.get("one").activities.size, 0);
});

test("a server that is removed is gone, and a first message forgets all others", () => {
  assert.equal(after(FIRST, { servers: [], removed: ["one"] }).servers.size, 0);
  assert.equal(after(FIRST, { card: "v2", servers: [] }).servers.size, 0);
});

test("what was known is not changed, only followed", () => {
  const before = after(FIRST);
  afterMessage(before, { now, servers: [{ config_entry_id: "one", gone: ["a"] }] }, 0);
  assert.equal(before.servers.get("one").activities.size, 1);
});

test("a feed asks for the one server it is to hear of", async () => {
  const connection = new Connection();
  open(connection, "one");
  open(connection, undefined);
  const asked = connection.subscriptions.map(({ request }) => request);
  assert.deepEqual(asked, [
    { type: "plex_activities/subscribe", config_entry_id: "one" },
    { type: "plex_activities/subscribe" },
  ]);
});

test("after a lost connection it subscribes anew, once", async () => {
  const connection = new Connection();
  const { heard } = open(connection);
  await settled();
  const { hear: old } = connection.subscriptions[0];
  connection.dispatchEvent(new Event("ready"));
  await settled();
  assert.equal(connection.subscriptions.length, 2);
  assert.ok(connection.subscriptions.every(({ options }) => options.resubscribe === false));
  old(FIRST);
  assert.equal(heard.length, 0);
  connection.hear(FIRST);
  assert.equal(heard.length, 1);
});

test("a Home Assistant that is still starting is asked again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const connection = new Connection();
  connection.error = { code: "unknown_command" };
  const { heard } = open(connection);
  await settled();
  assert.equal(heard.at(-1).phase, "loading");
  connection.error = null;
  mock.timers.tick(1000);
  await settled();
  mock.timers.reset();
  connection.hear(FIRST);
  assert.equal(heard.at(-1).phase, "ready");
});

for (const [code, phase] of [["not_found", "gone"], ["unauthorized", "not_permitted"]]) {
  test(`an answer of ${code} is final`, async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const connection = new Connection();
    connection.error = { code };
    const { heard } = open(connection, "one");
    await settled();
    connection.error = null;
    mock.timers.tick(100_000);
    await settled();
    mock.timers.reset();
    assert.equal(heard.at(-1).phase, phase);
    assert.equal(connection.subscriptions.length, 0);
  });
}

test("a feed that is closed ends its subscription and hears nothing more", async () => {
  const connection = new Connection();
  const { feed, heard } = open(connection);
  await settled();
  feed.close();
  connection.hear(FIRST);
  connection.dispatchEvent(new Event("ready"));
  await settled();
  assert.equal(connection.ended, 1);
  assert.equal(heard.length, 0);
  assert.equal(connection.subscriptions.length, 1);
});

test("a feed that is closed before it was answered ends its subscription, too", async () => {
  const connection = new Connection();
  const { feed } = open(connection);
  feed.close();
  await settled();
  assert.equal(connection.ended, 1);
});
