// @ts-check
/** The rows of the card: an activity that runs, and a result. */

import { build, setAttribute, setText } from "./dom.js";

/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {import("./rows-model.js").Row} Row */
/** @typedef {import("./rows-model.js").Result} Result */

/**
 * What a row has somebody do.
 * @typedef {object} Actions
 * @property {(entityId: string) => void} open
 * @property {(row: Row) => void} ask
 * @property {(row: Row) => void} forget
 * @property {(row: Row) => void} confirm
 */

/** What asks before a cancel, and tells what became of it. */
class CancelStrip {
  /** @param {Texts} texts */
  constructor(texts) {
    const button = (/** @type {string} */ name) =>
      build("button", { class: `text ${name}`, type: "button" }, texts.text(`cancel.${name}`));
    this.message = build("span", { class: "message", role: "status", dir: "auto" });
    this.keep = button("keep");
    this.confirm = button("confirm");
    this.dismiss = button("dismiss");
    const buttons = build("span", { class: "buttons" }, this.keep, this.confirm, this.dismiss);
    this.element = build("div", { class: "strip" }, this.message, buttons);
  }

  /** @param {Row} row */
  write({ cancel, message }) {
    const isAsking = cancel === "asking";
    setAttribute(this.element, "data-phase", cancel);
    setAttribute(this.element, "hidden", cancel === null);
    setText(this.message, message);
    setAttribute(this.keep, "hidden", !isAsking);
    setAttribute(this.confirm, "hidden", !isAsking);
    setAttribute(this.dismiss, "hidden", isAsking || cancel === "pending");
  }
}

/** An activity that runs. */
export class ActivityRow {
  /**
   * @param {Texts} texts
   * @param {Actions} actions
   */
  constructor(texts, actions) {
    this.texts = texts;
    this.actions = actions;
    /** @type {Row | undefined} */
    this.row = undefined;
    this.symbol = build("ha-icon");
    this.icon = build("div", { class: "icon", role: "img" }, this.symbol);
    // Its area is the whole row. A row that is one button could not contain another.
    this.title = build("button", { class: "title", type: "button", dir: "auto" });
    this.percent = build("span", { class: "percent" });
    this.detail = build("span", { class: "detail", dir: "auto" });
    this.elapsed = build("span", { class: "elapsed" });
    this.fill = build("div", { class: "fill" });
    const bar = { class: "bar", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" };
    this.bar = build("div", bar, this.fill);
    const close = build("ha-icon", { icon: "mdi:close" });
    this.cancel = build("button", { class: "cancel", type: "button" }, close);
    this.strip = new CancelStrip(texts);
    const first = build("div", { class: "line" }, this.title, this.percent);
    const second = build("div", { class: "line second" }, this.detail, this.elapsed);
    const words = build("div", { class: "words" }, first, second, this.bar);
    const parts = [this.icon, words, this.cancel, this.strip.element];
    this.element = build("li", { class: "row" }, ...parts);
    this.#listen();
  }

  #listen() {
    const { keep, confirm, dismiss } = this.strip;
    const on = (/** @type {HTMLElement} */ element, /** @type {(row: Row) => void} */ act) =>
      element.addEventListener("click", () => this.row && act(this.row));
    on(this.title, (row) => row.entityId && this.actions.open(row.entityId));
    on(this.cancel, (row) => {
      if (row.cancel === "pending") return;
      this.actions.ask(row);
      keep.focus();
    });
    on(confirm, (row) => {
      this.actions.confirm(row);
      this.cancel.focus();
    });
    on(keep, (row) => this.#forget(row));
    on(dismiss, (row) => this.#forget(row));
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.row?.cancel || this.row.cancel === "pending") return;
      event.stopPropagation(); // it would close the dialog that the card may be in
      this.#forget(this.row);
    });
  }

  /** @param {Row} row */
  #forget(row) {
    this.actions.forget(row);
    (this.cancel.hidden ? this.title : this.cancel).focus();
  }

  /** @param {Row} row */
  write(row) {
    this.row = row;
    setAttribute(this.symbol, "icon", row.icon);
    setAttribute(this.icon, "aria-label", row.kind);
    setAttribute(this.icon, "title", row.kind);
    setText(this.title, row.title);
    setAttribute(this.title, "title", row.title);
    setAttribute(this.title, "disabled", row.entityId === null);
    setText(this.percent, row.percent);
    setText(this.detail, row.detail);
    setAttribute(this.detail, "title", row.detail || null);
    setText(this.elapsed, row.elapsed);
    setAttribute(this.element, "data-state", row.isStalled ? "stalled" : "running");
    this.#writeBar(row);
    this.#writeCancel(row);
    this.strip.write(row);
  }

  /** @param {Row} row */
  #writeBar({ title, progress, percent }) {
    const isKnown = progress !== null;
    setAttribute(this.bar, "aria-label", title);
    setAttribute(this.bar, "aria-valuenow", isKnown ? Math.floor(progress) : null);
    setAttribute(this.bar, "aria-valuetext", isKnown ? percent : null);
    setAttribute(this.bar, "data-indeterminate", !isKnown);
    setAttribute(this.fill, "style", isKnown ? `--progress:${progress}%` : null);
  }

  /** @param {Row} row */
  #writeCancel({ title, canCancel, cancel }) {
    setAttribute(this.cancel, "hidden", !canCancel);
    setAttribute(this.cancel, "aria-label", this.texts.text("cancel.of", { title }));
    setAttribute(this.cancel, "title", this.texts.text("cancel"));
    setAttribute(this.cancel, "aria-expanded", String(cancel === "asking"));
    setAttribute(this.cancel, "aria-disabled", cancel === "pending" ? "true" : null);
  }
}

/** What ended, and how. */
export class ResultRow {
  /** @param {Actions} actions */
  constructor(actions) {
    this.symbol = build("ha-icon");
    this.title = build("button", { class: "title", type: "button", dir: "auto" });
    this.detail = build("span", { class: "elapsed" });
    const icon = build("div", { class: "icon", "aria-hidden": "true" }, this.symbol);
    this.element = build("li", { class: "result" }, icon, this.title, this.detail);
    this.title.addEventListener("click", () => this.entityId && actions.open(this.entityId));
    /** @type {string | null} */
    this.entityId = null;
  }

  /** @param {Result} result */
  write(result) {
    this.entityId = result.entityId;
    setAttribute(this.element, "data-state", result.state);
    setAttribute(this.symbol, "icon", result.icon);
    setText(this.title, result.title);
    setAttribute(this.title, "title", result.title);
    setAttribute(this.title, "disabled", result.entityId === null);
    setText(this.detail, result.detail);
  }
}
