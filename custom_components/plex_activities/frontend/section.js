// @ts-check
/** A server in the card: how it is, what it runs, and what it has done. */

import { build, KeyedList, setAttribute, setText } from "./dom.js";
import { ActivityRow, ResultRow } from "./row.js";

/** @typedef {import("./view-model.js").Notice} Notice */
/** @typedef {import("./view-model.js").Section} Section */

/** A line that says how things are, with an icon. */
export class NoticeLine {
  constructor() {
    this.symbol = build("ha-icon", { "aria-hidden": "true" });
    this.text = build("span", { role: "status" });
    this.element = build("div", { class: "notice", hidden: "" }, this.symbol, this.text);
  }

  /** @param {Notice | null} notice */
  write(notice) {
    setAttribute(this.element, "hidden", notice === null);
    setText(this.text, notice?.text ?? "");
    if (notice === null) return;
    setAttribute(this.element, "data-kind", notice.kind);
    setAttribute(this.symbol, "icon", notice.icon);
  }
}

/** More rows than a server has whose owner looks at each of them. */
const MANY = 20;

/** One server. */
export class ServerSection {
  /**
   * @param {import("./texts.js").Texts} texts
   * @param {import("./row.js").Actions} actions
   */
  constructor(texts, actions) {
    this.name = build("h3", { class: "name", dir: "auto" });
    this.notice = new NoticeLine();
    this.rows = build("ul", { class: "rows", "aria-label": texts.text("running") });
    // The list itself has this name; it need not be read out twice.
    const unread = { class: "recent-title", "aria-hidden": "true" };
    this.recentTitle = build("p", unread, texts.text("recent"));
    this.recent = build("ul", { class: "results", "aria-label": texts.text("recent") });
    this.element = build(
      "section",
      {},
      this.name,
      this.notice.element,
      this.rows,
      this.recentTitle,
      this.recent,
    );
    this.rowList = new KeyedList(this.rows, () => new ActivityRow(texts, actions));
    this.recentList = new KeyedList(this.recent, () => new ResultRow(actions));
  }

  /** @param {Section} section */
  write(section) {
    setText(this.name, section.name);
    setAttribute(this.name, "hidden", !section.name);
    setAttribute(this.element, "data-stale", section.isStale);
    this.notice.write(section.notice);
    setAttribute(this.rows, "hidden", !section.rows.length);
    // All rows leave room for the button if one has it, so that all bars end alike.
    setAttribute(this.rows, "data-cancel", section.rows.some((row) => row.canCancel));
    setAttribute(this.recentTitle, "hidden", !section.recent.length);
    setAttribute(this.recent, "hidden", !section.recent.length);
    setAttribute(this.rows, "data-many", section.rows.length > MANY);
    this.rowList.write(section.rows);
    this.recentList.write(section.recent);
  }
}
