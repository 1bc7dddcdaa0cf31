// What the card shows, without a browser: rows and words from activities and settings.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const FRONTEND = new URL(
  "../../custom_components/plex_activities/frontend/",
  import.meta.url,
);
const { afterMessage, NOTHING } = await import(new URL("feed.js", FRONTEND));
const { Texts } = await import(new URL("texts.js", FRONTEND));
const { normalize } = await import(new URL("config.js", FRONTEND));
const { viewOf } = await import(new URL("view-model.js", FRONTEND));

const NOW = Date.parse("2026-01-01T12:00:00Z");
const words = JSON.parse(await readFile(new URL("texts/en.json", FRONTEND), "utf8"));
const texts = new Texts("en", words);

const SCAN = {
  activity_id: "scan",
  activity_type: "library.update.section",
  title: "Scanning Movies",
  subtitle: "Heat (1995)",
  progress: 42.7,
  library: "Movies",
  started_at: "2026-01-01T11:56:48Z",
  ended_at: null,
  entity_id: "sensor.scan",
  state: "running",
  quiet: false,
  can_cancel: true,
};
const DONE = {
  ...SCAN,
  activity_id: "done",
  state: "finished",
  ended_at: "2026-01-01T11:55:00Z",
  can_cancel: false,
};
const SERVER = {
  config_entry_id: "one",
  complete: true,
  name: "Plex",
  status: "online",
  transport: "websocket",
  activities: [SCAN],
  recent: [DONE],
};

/** Return what is known after a first message about these servers. */
function known(...servers) {
  const message = { card: "v1", now: new Date(NOW).toISOString(), servers };
  return afterMessage(NOTHING, message, NOW);
}

/** Return the view of these servers. */
function view(servers, config = {}, { now = NOW, cancels = new Map(), version = "v1" } = {}) {
  const all = servers === null ? NOTHING : known(...servers);
  return viewOf(all, normalize(config), texts, { now, cancels, version });
}

/** Return the rows of one server that runs these activities. */
function rows(activities, config, rest) {
  return view([{ ...SERVER, activities }], config, rest).sections[0].rows;
}

test("a row has all that the server says of an activity", () => {
  const [row] = rows([SCAN]);
  assert.equal(row.title, "Scanning Movies");
  assert.equal(row.detail, "Heat (1995)");
  assert.equal(row.kind, "Library scan");
  assert.equal(row.percent, "42%");
  assert.equal(row.elapsed, "3m 12s");
  assert.equal(row.entityId, "sensor.scan");
  assert.equal(row.canCancel, true);
});

test("the library is named only where the title does not name it", () => {
  const [row] = rows([{ ...SCAN, title: "Scanning" }]);
  assert.equal(row.detail, "Movies · Heat (1995)");
});

test("an activity without a title has the name of its type", () => {
  const nameless = (activity_type) => rows([{ ...SCAN, title: "", activity_type }])[0].title;
  assert.equal(nameless("media.generate.credits"), "Credit detection");
  assert.equal(nameless("new.kind_of-work"), "New kind of work");
});

for (const progress of [null, undefined, -1, NaN, "42"]) {
  test(`a progress of ${progress} is an indeterminate bar`, () => {
    const [row] = rows([{ ...SCAN, progress }]);
    assert.equal(row.progress, null);
    assert.equal(row.percent, "");
  });
}

test("a bar never shows more than all", () => {
  assert.equal(rows([{ ...SCAN, progress: 250 }])[0].progress, 100);
  assert.equal(rows([{ ...SCAN, progress: 250 }])[0].percent, "100%");
});

test("work that is almost done is not said to be done", () => {
  assert.equal(rows([{ ...SCAN, progress: 99.9 }])[0].percent, "99%");
});

test("texts of any length are cut, by whole characters", () => {
  const [row] = rows([{ ...SCAN, title: "👩".repeat(500), subtitle: "x".repeat(5000) }]);
  assert.equal(row.title, `${"👩".repeat(300)}…`);
  assert.equal(row.detail.length < 400, true);
});

test("a clock of the browser that is wrong does not count", () => {
  const hour = 3600_000;
  const message = { card: "v1", now: new Date(NOW).toISOString(), servers: [SERVER] };
  const all = afterMessage(NOTHING, message, NOW - hour);
  const shown = viewOf(all, normalize({}), texts, {
    now: NOW - hour,
    cancels: new Map(),
    version: "v1",
  });
  assert.equal(shown.sections[0].rows[0].elapsed, "3m 12s");
});

test("rows keep their places: the oldest is first, quiet types are last", () => {
  const young = { ...SCAN, activity_id: "young", started_at: "2026-01-01T11:59:00Z" };
  const quiet = { ...SCAN, activity_id: "quiet", quiet: true };
  const ids = rows([young, quiet, SCAN], { show_quiet: true }).map((row) => row.activityId);
  assert.deepEqual(ids, ["scan", "young", "quiet"]);
});

test("quiet types show only if they are asked for", () => {
  const quiet = { ...SCAN, quiet: true };
  assert.equal(rows([quiet]).length, 0);
  assert.equal(rows([quiet], { show_quiet: true }).length, 1);
  assert.equal(rows([quiet], { types: [SCAN.activity_type] }).length, 1);
});

test("only the types that are asked for show", () => {
  assert.equal(rows([SCAN], { types: ["media.download"] }).length, 0);
  assert.equal(rows([SCAN], { types: ["media.download", SCAN.activity_type] }).length, 1);
  assert.equal(rows([SCAN], { types: [] }).length, 1);
});

test("cancel shows where it may work, on a server that can be asked", () => {
  const canCancel = (activity, server, config) =>
    view([{ ...SERVER, ...server, activities: [{ ...SCAN, ...activity }] }], config).sections[0]
      .rows[0].canCancel;
  assert.equal(canCancel({}, {}), true);
  assert.equal(canCancel({ can_cancel: false }, {}), false);
  assert.equal(canCancel({}, { status: "offline" }), false);
  assert.equal(canCancel({}, {}, { allow_cancel: false }), false);
});

for (const [phase, text] of [
  ["asking", "Cancel this activity?"],
  ["pending", "Cancelling…"],
  ["refused", "It could not be cancelled."],
  ["still_running", "The server accepted, but it is still running."],
]) {
  test(`a row says when a cancel is ${phase}`, () => {
    const [row] = rows([SCAN], {}, { cancels: new Map([["one scan", { phase }]]) });
    assert.equal(row.cancel, phase);
    assert.equal(row.message, text);
  });
}

test("a refused cancel says the reason that was given", () => {
  const cancels = new Map([["one scan", { phase: "refused", reason: "No way." }]]);
  assert.equal(rows([SCAN], {}, { cancels })[0].message, "No way.");
});

test("a stalled activity says so", () => {
  const [row] = rows([{ ...SCAN, state: "stalled" }]);
  assert.equal(row.isStalled, true);
  assert.equal(row.elapsed, "Stalled · 3m 12s");
});

test("results say how and when they ended", () => {
  const [result] = view([SERVER]).sections[0].recent;
  assert.equal(result.detail, "Finished · 5 min. ago");
  assert.equal(result.state, "finished");
});

for (const [show_recent, count] of [[undefined, 3], [true, 3], [false, 0], [0, 0], [2, 2]]) {
  test(`with show_recent ${show_recent} there are ${count} results`, () => {
    const recent = [1, 2, 3, 4].map((id) => ({ ...DONE, activity_id: `${id}` }));
    const shown = view([{ ...SERVER, recent }], { show_recent }).sections[0].recent;
    assert.equal(shown.length, count);
  });
}

for (const [status, transport, kind] of [
  ["online", "websocket", "idle"],
  ["online", "eventsource", "idle"],
  ["online", "polling", "polling"],
  ["offline", null, "offline"],
  ["signed_out", null, "signed_out"],
  ["loading", null, "loading"],
  ["not_loaded", null, "not_loaded"],
]) {
  test(`a server that is ${status} by ${transport} is shown as ${kind}`, () => {
    const [section] = view([{ ...SERVER, status, transport, activities: [] }]).sections;
    assert.equal(section.notice.kind, kind);
    assert.notEqual(section.notice.text, `server.${kind}`);
    assert.equal(section.isStale, status !== "online");
  });
}

test("a server that works and is at it needs no words", () => {
  assert.equal(view([SERVER]).sections[0].notice, null);
});

test("one server gives the card its name, several have theirs in sections", () => {
  const other = { ...SERVER, config_entry_id: "two", name: "Attic" };
  assert.equal(view([SERVER]).title, "Plex");
  assert.equal(view([SERVER]).sections[0].name, "");
  assert.equal(view([SERVER, other]).title, "Plex activities");
  const names = view([SERVER, other]).sections.map((section) => section.name);
  assert.deepEqual(names, ["Attic", "Plex"]);
  assert.equal(view([SERVER, other], { title: "" }).title, "");
});

const HIDDEN = { ...SERVER, name: null, status: "not_permitted", activities: [], recent: [] };
for (const [name, servers, config, kind] of [
  ["before anything is heard", null, {}, "loading"],
  ["without a server", [], {}, "no_server"],
  ["for a server that was removed", [], { config_entry_id: "x" }, "gone"],
  ["for who may see none", [HIDDEN], {}, "not_permitted"],
]) {
  test(`the card says what is wrong ${name}`, () => {
    const shown = view(servers, config);
    assert.equal(shown.notice.kind, kind);
    assert.equal(shown.sections.length, 0);
  });
}

test("of several servers only those show that may be seen", () => {
  const shown = view([SERVER, { ...HIDDEN, config_entry_id: "two" }]);
  assert.equal(shown.notice, null);
  assert.equal(shown.sections.length, 1);
});

test("a card that is older than Home Assistant's says so", () => {
  assert.equal(view([SERVER], {}, { version: "v0" }).isOutdated, true);
  assert.equal(view([SERVER], {}, { version: "v1" }).isOutdated, false);
  assert.equal(view([SERVER], {}, { version: null }).isOutdated, false);
});

for (const config of [
  { types: 5 },
  { types: [5] },
  { title: {} },
  { config_entry_id: ["a"] },
  { show_recent: "many" },
  { show_quiet: "no" },
  { allow_cancel: 1 },
]) {
  test(`a configuration with ${JSON.stringify(config)} is refused`, () => {
    assert.throws(() => normalize(config), Error);
  });
}
