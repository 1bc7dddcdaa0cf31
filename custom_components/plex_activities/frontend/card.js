// @ts-check
/**
 * The card's element: connects what is heard (`feed`) to what is shown (`view-model`),
 * and that to the page (`section`, `row`). It decides nothing itself.
 */

import { normalize } from "./config.js";
import { build, KeyedList, setAttribute, setText } from "./dom.js";
import { Feed, NOTHING } from "./feed.js";
import { formOf, STUB } from "./form.js";
import { NoticeLine, ServerSection } from "./section.js";
import { STYLES } from "./styles.js";
import { loadTexts } from "./texts.js";
import { viewOf } from "./view-model.js";

/** @typedef {import("./rows-model.js").Row} Row */

const DOMAIN = "plex_activities";
/** Milliseconds. Elapsed times are shown in seconds. */
const TICK = 1000;
/** The version that this module was loaded as. */
const VERSION = import.meta.url.split("/").at(-2) ?? null;

export class PlexActivitiesCard extends HTMLElement {
  static getStubConfig() {
    return { ...STUB };
  }

  static getConfigForm() {
    // Home Assistant does not say for whom. Its page is in the language of the user.
    return formOf(document.documentElement.lang || navigator.language);
  }

  /** @type {any} */
  #hass;
  /** @type {import("./config.js").Config} */
  #config = normalize({});
  /** @type {import("./feed.js").Known} */
  #known = NOTHING;
  /** @type {Feed | undefined} */
  #feed;
  /** @type {import("./texts.js").Texts | undefined} */
  #texts;
  #language = "";
  /** @type {Map<string, import("./rows-model.js").Cancel>} */
  #cancels = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {((view: import("./view-model.js").View) => void) | undefined} */
  #write;

  /** @param {any} config */
  setConfig(config) {
    const before = this.#config;
    this.#config = normalize(config);
    if (this.#config.entryId !== before.entryId) this.#openFeed();
    this.#render();
  }

  /** Home Assistant sets this whenever any entity changes: almost always nothing to do. */
  set hass(/** @type {any} */ hass) {
    const before = this.#hass;
    this.#hass = hass;
    if (hass.connection !== before?.connection) this.#openFeed();
    const language = hass.locale?.language ?? hass.language ?? "en";
    if (language !== this.#language) this.#speak(language);
  }

  connectedCallback() {
    this.#openFeed();
    this.#tick();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#feed?.close();
    this.#feed = undefined;
  }

  getCardSize() {
    return 4;
  }

  getGridOptions() {
    return { columns: 12, min_columns: 6, rows: "auto", min_rows: 2 };
  }

  #openFeed() {
    this.#feed?.close();
    this.#feed = undefined;
    if (!this.isConnected || !this.#hass) return;
    this.#feed = new Feed(this.#hass.connection, this.#config.entryId, (known) => {
      this.#known = known;
      this.#render();
      // While the server tells of something every second, that moves the clocks too.
      this.#tickIn(1.5 * TICK);
    });
  }

  #tick() {
    if (!document.hidden) this.#render();
    this.#tickIn(TICK);
  }

  /** @param {number} milliseconds */
  #tickIn(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), milliseconds);
  }

  /** @param {string} language */
  async #speak(language) {
    this.#language = language;
    const texts = await loadTexts(language);
    if (language !== this.#language) return;
    this.#texts = texts;
    this.#write = this.#build(texts);
    this.#render();
  }

  /**
   * Build everything that is always there, and return what writes to it.
   * @param {import("./texts.js").Texts} texts
   */
  #build(texts) {
    const title = build("h2", { dir: "auto" });
    const count = build("span", {});
    const running = build("span", { class: "unseen" }, texts.text("running"));
    const chip = build("span", { class: "count" }, running, count);
    const header = build("div", { class: "header" }, title, chip);
    const outdated = this.#buildOutdated(texts);
    const notice = new NoticeLine();
    const sections = build("div");
    const body = build("div", { class: "body" }, outdated, notice.element, sections);
    const list = new KeyedList(sections, () => new ServerSection(texts, this.#actions));
    const style = build("style", {}, STYLES);
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.replaceChildren(style, build("ha-card", {}, header, body));
    return (/** @type {import("./view-model.js").View} */ view) => {
      setText(title, view.title);
      setText(count, view.count);
      setAttribute(chip, "hidden", !view.count);
      setAttribute(header, "hidden", !view.title);
      setAttribute(outdated, "hidden", !view.isOutdated);
      notice.write(view.notice);
      list.write(view.sections);
    };
  }

  /** @param {import("./texts.js").Texts} texts */
  #buildOutdated(texts) {
    const button = build("button", { class: "text", type: "button" }, texts.text("reload"));
    button.addEventListener("click", () => location.reload());
    return build("div", { class: "notice" }, texts.text("outdated"), button);
  }

  #render() {
    if (!this.#texts || !this.#write || !this.isConnected) return;
    const rest = { now: Date.now(), cancels: this.#cancels, version: VERSION };
    const view = viewOf(this.#known, this.#config, this.#texts, rest);
    this.#write(view);
    const keys = new Set(view.sections.flatMap(({ rows }) => rows.map(({ key }) => key)));
    for (const key of this.#cancels.keys()) if (!keys.has(key)) this.#cancels.delete(key);
  }

  /** @type {import("./row.js").Actions} */
  #actions = {
    open: (entityId) => {
      const detail = { entityId };
      this.dispatchEvent(
        new CustomEvent("hass-more-info", { detail, bubbles: true, composed: true }),
      );
    },
    ask: (row) => this.#setCancel(row, { phase: "asking" }),
    forget: (row) => this.#setCancel(row, null),
    confirm: (row) => this.#cancel(row),
  };

  /**
   * @param {Row} row
   * @param {import("./rows-model.js").Cancel | null} cancel
   */
  #setCancel(row, cancel) {
    if (cancel) this.#cancels.set(row.key, cancel);
    else this.#cancels.delete(row.key);
    this.#render();
  }

  /**
   * By the id of the activity: its sensor may show another one by now.
   * @param {Row} row
   */
  async #cancel(row) {
    this.#setCancel(row, { phase: "pending" });
    try {
      const { response } = await this.#hass.callWS({
        type: "call_service",
        domain: DOMAIN,
        service: "cancel_activity",
        service_data: { activity_id: row.activityId, config_entry_id: row.entryId },
        return_response: true,
      });
      // What is cancelled is about to leave; until then it is still being cancelled.
      if (response.activities[0]?.outcome === "still_running") {
        this.#setCancel(row, { phase: "still_running" });
      }
    } catch (error) {
      this.#setCancel(row, { phase: "refused", reason: await this.#reason(error) });
    }
  }

  /**
   * Return why a cancel was refused, in the language of the user where that is known.
   * @param {any} error
   * @returns {Promise<string>}
   */
  async #reason(error) {
    // The one error without a text: all that core says is the name of its class.
    if (error?.message === "Unauthorized") return this.#texts?.text("cancel.not_permitted") ?? "";
    const { translation_domain: domain, translation_key: key } = error ?? {};
    if (!domain || !key) return error?.message ?? "";
    await this.#hass.loadBackendTranslation("exceptions", domain);
    const path = `component.${domain}.exceptions.${key}.message`;
    return this.#hass.localize(path, error.translation_placeholders) || error.message;
  }
}
