// @ts-check
/**
 * What the card shows, as data: made from what is known, the configuration and the time.
 * Pure, so that all of it is tested without a browser.
 */

import { resultOf, rowOf } from "./rows-model.js";

/** @typedef {import("./config.js").Config} Config */
/** @typedef {import("./feed.js").Activity} Activity */
/** @typedef {import("./feed.js").Known} Known */
/** @typedef {import("./feed.js").Server} Server */
/** @typedef {import("./rows-model.js").Cancel} Cancel */
/** @typedef {import("./rows-model.js").Result} Result */
/** @typedef {import("./rows-model.js").Row} Row */
/** @typedef {import("./texts.js").Texts} Texts */

/** @typedef {{ icon: string, text: string, kind: string }} Notice */

/**
 * @typedef {object} Section
 * @property {string} key
 * @property {string} name Empty where there is only one.
 * @property {Notice | null} notice
 * @property {boolean} isStale What is shown may not be so any more.
 * @property {Row[]} rows
 * @property {Result[]} recent
 */

/**
 * @typedef {object} View
 * @property {string} title
 * @property {string} count
 * @property {Notice | null} notice Instead of the sections, or above them.
 * @property {boolean} isOutdated
 * @property {Section[]} sections
 */

const STATUS_ICONS = /** @type {Record<string, string>} */ ({
  loading: "mdi:timer-sand",
  not_loaded: "mdi:server-off",
  offline: "mdi:server-network-off",
  polling: "mdi:access-point-off",
  signed_out: "mdi:account-lock-outline",
});

/**
 * Return what to show.
 * @param {Readonly<Known>} known
 * @param {Config} config
 * @param {Texts} texts
 * @param {{ now: number, cancels: ReadonlyMap<string, Cancel>, version: string | null }} rest
 *   The browser's time, what is being cancelled, and the version of this card.
 * @returns {View}
 */
export function viewOf(known, config, texts, { now, cancels, version }) {
  const permitted = [...known.servers.values()].filter(
    (server) => server.status !== "not_permitted",
  );
  const servers = permitted.sort((one, other) =>
    (one.name ?? "").localeCompare(other.name ?? "", texts.language),
  );
  const time = now + known.skew;
  const sections = servers.map((server) => sectionOf(server, config, texts, time, cancels));
  // The heading names the server if there is one only; otherwise each section does.
  const isAlone = servers.length === 1;
  const alone = (isAlone && servers[0].name) || texts.text("title");
  if (isAlone) sections[0].name = "";
  const running = sections.reduce((count, section) => count + section.rows.length, 0);
  return {
    title: config.title ?? alone,
    count: running ? texts.count(running) : "",
    notice: noticeOf(known, config, texts),
    isOutdated: Boolean(known.card && version && known.card !== version),
    sections,
  };
}

/**
 * Return what is said instead of servers, where there are none to show.
 * @param {Readonly<Known>} known
 * @param {Config} config
 * @param {Texts} texts
 * @returns {Notice | null}
 */
function noticeOf(known, config, texts) {
  const notice = (/** @type {string} */ kind, /** @type {string} */ icon) => ({
    kind,
    icon,
    text: texts.text(`card.${kind}`),
  });
  if (known.phase === "loading") return notice("loading", "mdi:timer-sand");
  if (known.phase === "not_permitted") return notice("not_permitted", "mdi:lock-outline");
  if (known.phase === "gone") return notice("gone", "mdi:server-off");
  if (!known.servers.size) {
    return config.entryId
      ? notice("gone", "mdi:server-off")
      : notice("no_server", "mdi:server-plus-outline");
  }
  const isSeen = [...known.servers.values()].some(({ status }) => status !== "not_permitted");
  return isSeen ? null : notice("not_permitted", "mdi:lock-outline");
}

/**
 * @param {Server} server
 * @param {Config} config
 * @param {Texts} texts
 * @param {number} now
 * @param {ReadonlyMap<string, Cancel>} cancels
 * @returns {Section}
 */
function sectionOf(server, config, texts, now, cancels) {
  const isWanted = (/** @type {Activity} */ activity) =>
    // Whoever names a quiet type wants to see it.
    config.types.length
      ? config.types.includes(activity.activity_type)
      : config.quiet || !activity.quiet;
  const activities = [...server.activities.values()].filter(isWanted).sort(byAge);
  const rows = activities.map((activity) =>
    rowOf(activity, server, config, texts, now, cancels),
  );
  return {
    key: server.id,
    name: server.name ?? "",
    notice: serverNotice(server, texts) ?? (rows.length ? null : idle(texts)),
    isStale: server.status !== "online",
    rows,
    recent: server.recent
      .filter(isWanted)
      .slice(0, config.recent)
      .map((activity) => resultOf(activity, texts, now)),
  };
}

/**
 * The oldest first, so that a row keeps its place as long as it is there.
 * @param {Activity} one
 * @param {Activity} other
 */
function byAge(one, other) {
  return (
    Number(one.quiet) - Number(other.quiet) ||
    Date.parse(one.started_at) - Date.parse(other.started_at)
  );
}

/**
 * @param {Server} server
 * @param {Texts} texts
 * @returns {Notice | null}
 */
function serverNotice({ status, transport }, texts) {
  const isPolled = status === "online" && transport === "polling";
  const kind = isPolled ? "polling" : status;
  if (kind === "online") return null;
  return { kind, icon: STATUS_ICONS[kind] ?? "mdi:help", text: texts.text(`server.${kind}`) };
}

/**
 * @param {Texts} texts
 * @returns {Notice}
 */
function idle(texts) {
  return { kind: "idle", icon: "mdi:check", text: texts.text("server.idle") };
}
