// @ts-check
/**
 * What the card shows, as data: made from what is known, the configuration and the time.
 * Pure, so that all of it is tested without a browser.
 */

/** @typedef {import("./feed.js").Activity} Activity */
/** @typedef {import("./feed.js").Known} Known */
/** @typedef {import("./feed.js").Server} Server */
/** @typedef {import("./texts.js").Texts} Texts */

/**
 * A configuration without gaps.
 * @typedef {object} Config
 * @property {string | undefined} entryId
 * @property {string | undefined} title
 * @property {string[]} types None means all.
 * @property {number} recent How many of the last results to show.
 * @property {boolean} quiet
 * @property {boolean} cancel
 */

/**
 * How far the cancelling of an activity is, if somebody began to.
 * @typedef {object} Cancel
 * @property {"asking" | "pending" | "refused" | "still_running"} phase
 * @property {string} [reason]
 */

/**
 * @typedef {object} Row
 * @property {string} key
 * @property {string} entryId
 * @property {string} activityId
 * @property {string | null} entityId
 * @property {string} icon
 * @property {string} kind
 * @property {string} title
 * @property {string} detail
 * @property {number | null} progress
 * @property {string} percent
 * @property {string} elapsed
 * @property {boolean} isStalled
 * @property {boolean} canCancel
 * @property {Cancel["phase"] | null} cancel
 * @property {string} message
 */

/**
 * @typedef {object} Result
 * @property {string} key
 * @property {string | null} entityId
 * @property {string} icon
 * @property {string} state
 * @property {string} title
 * @property {string} detail
 */

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

const SHOWN_RECENT = 3;
const MAX_RECENT = 20;
/** Characters. The browser cuts a line anyway, but not what a screen reader reads. */
const LONGEST = 300;

const ICONS = /** @type {Record<string, string>} */ ({
  butler: "mdi:broom",
  "library.refresh.items": "mdi:refresh",
  "library.update.item.metadata": "mdi:tag-text-outline",
  "library.update.section": "mdi:folder-search-outline",
  "media.download": "mdi:download",
  "media.generate.bif": "mdi:image-multiple-outline",
  "media.generate.chapter.thumbs": "mdi:image-multiple-outline",
  "media.generate.credits": "mdi:filmstrip-box",
  "media.generate.intros": "mdi:filmstrip-box",
  "media.generate.loudness": "mdi:volume-high",
  "media.generate.voice.activity": "mdi:account-voice",
  "provider.epg.load": "mdi:television-guide",
  "provider.subscriptions.process": "mdi:rss",
});
/** For types that nobody has met yet, by what they begin with. */
const FAMILY_ICONS = /** @type {Record<string, string>} */ ({
  butler: "mdi:broom",
  grabber: "mdi:record-rec",
  library: "mdi:bookshelf",
  media: "mdi:filmstrip",
  provider: "mdi:cloud-sync-outline",
});
/** The types that have a name. */
export const KINDS = Object.keys(ICONS);
const RESULT_ICONS = /** @type {Record<string, string>} */ ({
  cancelled: "mdi:cancel",
  finished: "mdi:check-circle-outline",
  interrupted: "mdi:lightning-bolt-outline",
});
const STATUS_ICONS = /** @type {Record<string, string>} */ ({
  loading: "mdi:timer-sand",
  not_loaded: "mdi:server-off",
  offline: "mdi:server-network-off",
  polling: "mdi:access-point-off",
  signed_out: "mdi:account-lock-outline",
});

/**
 * Check a configuration that a person wrote, and fill its gaps.
 * @param {any} config
 * @returns {Config}
 */
export function normalize(config) {
  const { config_entry_id, title, types = [], show_recent, show_quiet, allow_cancel } = config;
  for (const [name, value] of Object.entries({ config_entry_id, title })) {
    if (value != null && typeof value !== "string") throw new Error(`${name} must be a text`);
  }
  for (const [name, value] of Object.entries({ show_quiet, allow_cancel })) {
    if (value != null && typeof value !== "boolean") {
      throw new Error(`${name} must be true or false`);
    }
  }
  const list = typeof types === "string" ? [types] : (types ?? []);
  if (!Array.isArray(list) || list.some((type) => typeof type !== "string")) {
    throw new Error("types must be a list of types of activities");
  }
  return {
    entryId: config_entry_id || undefined,
    title: title ?? undefined,
    types: list,
    recent: recentCount(show_recent),
    quiet: show_quiet ?? false,
    cancel: allow_cancel ?? true,
  };
}

/** @param {any} value */
function recentCount(value) {
  if (value == null || value === true) return SHOWN_RECENT;
  if (value === false) return 0;
  if (typeof value !== "number" || Number.isNaN(value)) {
    throw new Error("show_recent must be a number, true or false");
  }
  return Math.min(MAX_RECENT, Math.max(0, Math.round(value)));
}

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
    (config.quiet || !activity.quiet) &&
    (!config.types.length || config.types.includes(activity.activity_type));
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
    Date.parse(one.started_at) - Date.parse(other.started_at) ||
    one.activity_id.localeCompare(other.activity_id)
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

/**
 * @param {Activity} activity
 * @param {Server} server
 * @param {Config} config
 * @param {Texts} texts
 * @param {number} now
 * @param {ReadonlyMap<string, Cancel>} cancels
 * @returns {Row}
 */
function rowOf(activity, server, config, texts, now, cancels) {
  const key = `${server.id} ${activity.activity_id}`;
  const cancel = cancels.get(key) ?? null;
  const progress = progressOf(activity.progress);
  const isStalled = activity.state === "stalled";
  const elapsed = texts.duration((now - Date.parse(activity.started_at)) / 1000);
  return {
    key,
    entryId: server.id,
    activityId: activity.activity_id,
    entityId: activity.entity_id,
    icon: iconOf(activity.activity_type),
    kind: texts.kind(activity.activity_type),
    ...wordsOf(activity, texts),
    progress,
    percent: progress === null ? "" : texts.percent(progress),
    elapsed: isStalled ? `${texts.text("state.stalled")} · ${elapsed}` : elapsed,
    isStalled,
    canCancel: config.cancel && activity.can_cancel && server.status === "online",
    cancel: cancel?.phase ?? null,
    message: cancel ? cancelText(cancel, texts) : "",
  };
}

/**
 * Return a progress that a bar can show. Plex says -1 where it does not know.
 * @param {unknown} progress
 */
function progressOf(progress) {
  if (typeof progress !== "number" || Number.isNaN(progress) || progress < 0) return null;
  return Math.min(100, progress);
}

/**
 * Return the two lines of text. Plex often names the library in the title already.
 * @param {Activity} activity
 * @param {Texts} texts
 */
function wordsOf(activity, texts) {
  const title = cut(activity.title) || texts.kind(activity.activity_type);
  const library = cut(activity.library ?? "");
  const parts = [title.includes(library) ? "" : library, cut(activity.subtitle)];
  return { title, detail: parts.filter(Boolean).join(" · ") };
}

/** @param {string} text */
function cut(text) {
  // By characters as people count them: half an emoji is none.
  const characters = [...(text ?? "")];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}…` : (text ?? "");
}

/** @param {string} type */
function iconOf(type) {
  return ICONS[type] ?? FAMILY_ICONS[type.split(".")[0]] ?? "mdi:progress-clock";
}

/**
 * @param {Cancel} cancel
 * @param {Texts} texts
 */
function cancelText({ phase, reason }, texts) {
  if (phase === "refused") return reason || texts.text("cancel.refused");
  return texts.text(`cancel.${phase}`);
}

/**
 * @param {Activity} activity
 * @param {Texts} texts
 * @param {number} now
 * @returns {Result}
 */
function resultOf(activity, texts, now) {
  const ended = activity.ended_at ? Date.parse(activity.ended_at) : now;
  const ago = texts.ago((now - ended) / 1000);
  return {
    key: `${activity.activity_id}`,
    entityId: activity.entity_id,
    icon: RESULT_ICONS[activity.state] ?? "mdi:help",
    state: activity.state,
    title: wordsOf(activity, texts).title,
    detail: `${texts.text(`state.${activity.state}`)} · ${ago}`,
  };
}
