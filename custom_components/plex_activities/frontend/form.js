// @ts-check
/** The card's form in the dashboard editor. Home Assistant builds and runs it. */

import { normalize } from "./config.js";
import { KINDS } from "./rows-model.js";
import { loadTexts } from "./texts.js";

/** What the editor begins with. It shows what is written here, and nothing as off. */
export const STUB = { show_recent: 3, show_quiet: false, allow_cancel: true };

/**
 * @param {string} language
 */
export async function formOf(language) {
  const texts = await loadTexts(language);
  const options = KINDS.map((type) => ({ value: type, label: texts.kind(type) }));
  options.sort((one, other) => one.label.localeCompare(other.label, language));
  return {
    schema: [
      {
        name: "config_entry_id",
        selector: { config_entry: { integration: "plex_activities" } },
      },
      { name: "title", selector: { text: {} } },
      { name: "types", selector: { select: { multiple: true, custom_value: true, options } } },
      { name: "show_recent", selector: { number: { min: 0, max: 20, mode: "box" } } },
      {
        type: "grid",
        name: "",
        schema: [
          { name: "show_quiet", selector: { boolean: {} } },
          { name: "allow_cancel", selector: { boolean: {} } },
        ],
      },
    ],
    computeLabel: (/** @type {{ name: string }} */ field) => texts.text(`form.${field.name}`),
    computeHelper: (/** @type {{ name: string }} */ field) => {
      const key = `form.${field.name}.help`;
      const help = texts.text(key);
      return help === key ? undefined : help;
    },
    assertConfig: normalize,
  };
}
