// @ts-check
/** The card's configuration, which a person wrote, perhaps by hand. */

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

const SHOWN_RECENT = 3;
const MAX_RECENT = 20;

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
