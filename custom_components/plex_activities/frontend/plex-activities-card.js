// @ts-check
/**
 * What Home Assistant's pages load: names the card to the card picker, and defines its
 * element as soon as that can be done.
 *
 * A page loads this module and its own application side by side. The application brings
 * a registry of custom elements of its own, for browsers whose registry cannot do enough:
 * it replaces `HTMLElement` and `customElements`. What was defined before that is unknown
 * to it for ever ("Custom element doesn't exist"), and a class that was made before that
 * extends the wrong `HTMLElement`. So nothing of ours may be evaluated until the first
 * element of the application is there. Both registries tell that, this one included.
 */

const TAG = "plex-activities-card";
const PLATFORM = "plex_activities";

/**
 * Offer the card for an entity that somebody picked, if it is one of ours.
 * @param {any} hass
 * @param {string} entityId
 */
function getEntitySuggestion(hass, entityId) {
  const entity = hass.entities?.[entityId];
  if (entity?.platform !== PLATFORM) return null;
  const device = hass.devices?.[entity.device_id];
  const entry = device?.primary_config_entry ?? device?.config_entries?.[0];
  const server = entry ? { config_entry_id: entry } : {};
  return { config: { type: `custom:${TAG}`, ...server } };
}

const page = /** @type {any} */ (window);
page.customCards = page.customCards ?? [];
if (!page.customCards.some((/** @type {any} */ card) => card.type === TAG)) {
  page.customCards.push({
    type: TAG,
    name: "Plex Activities",
    description: "What a Plex Media Server is working on, with progress and cancel.",
    preview: true,
    getEntitySuggestion,
  });
}

await customElements.whenDefined("home-assistant");
const { PlexActivitiesCard } = await import("./card.js");
// Another version of this module may have been faster, from a page that was kept.
if (!customElements.get(TAG)) customElements.define(TAG, PlexActivitiesCard);

export {};
