// @ts-check
/** One activity, or one result, as the card shows it: texts, numbers and an icon. Pure. */

/** @typedef {import("./config.js").Config} Config */
/** @typedef {import("./feed.js").Activity} Activity */
/** @typedef {import("./feed.js").Server} Server */
/** @typedef {import("./texts.js").Texts} Texts */

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
/**
 * @param {Activity} activity
 * @param {Server} server
 * @param {Config} config
 * @param {Texts} texts
 * @param {number} now
 * @param {ReadonlyMap<string, Cancel>} cancels
 * @returns {Row}
 */
export function rowOf(activity, server, config, texts, now, cancels) {
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
export function resultOf(activity, texts, now) {
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
