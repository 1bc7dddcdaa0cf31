// @ts-check
/** How the card looks: Home Assistant's own colours, sizes and shapes, in any theme. */

export const STYLES = /* css */ `
:host {
  /* Amber by itself is too light on white. With some of the text's colour in it, it can
     be told from the track below it, in light themes and in dark ones. */
  --tint: var(
    --plex-activities-color,
    color-mix(in srgb, var(--amber-color, #ffc107) 74%, var(--primary-text-color, #141414))
  );
  --warn: var(--warning-color, #ffa600);
  --quiet-text: var(--secondary-text-color, #727272);
  --track: color-mix(in srgb, var(--tint) 20%, transparent);
  display: block;
  height: 100%;
}
[hidden] { display: none !important; }
ha-card {
  box-sizing: border-box;
  display: flex;
  flex-direction: column;
  height: 100%;
  overflow: hidden;
  color: var(--primary-text-color);
  font-size: var(--ha-font-size-m, 14px);
  line-height: var(--ha-line-height-condensed, 1.4);
}
h2, h3, p, ul { margin: 0; padding: 0; font: inherit; }
ul { list-style: none; }
button {
  background: none;
  border: 0;
  color: inherit;
  cursor: pointer;
  font: inherit;
  margin: 0;
  padding: 0;
  text-align: start;
}
button:disabled { cursor: default; }
button:focus-visible {
  outline: 2px solid var(--primary-color, #009ac7);
  outline-offset: 2px;
}

.header {
  align-items: center;
  display: flex;
  gap: 8px;
  padding: 16px 16px 4px;
}
.header h2 {
  font-size: var(--ha-font-size-l, 16px);
  font-weight: var(--ha-font-weight-medium, 500);
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.count {
  background: var(--track);
  border-radius: 999px;
  font-size: var(--ha-font-size-s, 12px);
  font-variant-numeric: tabular-nums;
  font-weight: var(--ha-font-weight-medium, 500);
  line-height: 20px;
  min-width: 20px;
  padding-inline: 6px;
  box-sizing: border-box;
  text-align: center;
}
.unseen {
  clip-path: inset(50%);
  height: 1px;
  overflow: hidden;
  position: absolute;
  white-space: nowrap;
  width: 1px;
}

.body {
  flex: 1;
  max-height: var(--plex-activities-max-height, 70vh);
  min-height: 0;
  overflow-y: auto;
  overscroll-behavior: contain;
  padding-block: 4px 12px;
}
.header[hidden] + .body { padding-top: 8px; }
section + section {
  border-top: 1px solid var(--divider-color, #e0e0e0);
  margin-top: 8px;
  padding-top: 8px;
}
.name, .recent-title {
  color: var(--quiet-text);
  font-size: var(--ha-font-size-s, 12px);
  font-weight: var(--ha-font-weight-medium, 500);
  padding: 8px 16px 4px;
}
.notice {
  align-items: center;
  color: var(--quiet-text);
  display: flex;
  gap: 12px;
  min-height: 40px;
  padding: 4px 16px;
}
.notice ha-icon {
  --mdc-icon-size: 24px;
  box-sizing: border-box;
  display: flex;
  flex: none;
  justify-content: center;
  width: 40px;
}
.notice:is([data-kind="offline"], [data-kind="polling"], [data-kind="not_loaded"]) ha-icon {
  color: var(--warn);
}
.notice[data-kind="signed_out"] ha-icon { color: var(--error-color, #db4437); }
.notice[data-kind="idle"] ha-icon { color: var(--success-color, #43a047); }
.notice button { margin-inline-start: auto; }

.row, .result { position: relative; }
.row {
  align-items: center;
  column-gap: 12px;
  contain: layout style;
  display: grid;
  grid-template-columns: 40px minmax(0, 1fr);
  padding: 8px 16px;
}
.rows[data-cancel] .row { grid-template-columns: 40px minmax(0, 1fr) 32px; }
/* Not the texts: they must be read all the same. */
[data-stale] :is(.icon, .bar) { filter: grayscale(1); opacity: 0.7; }
[data-stale] .fill { animation-play-state: paused !important; }
.icon {
  --mdc-icon-size: 24px;
  align-items: center;
  background: var(--track);
  border-radius: 50%;
  color: var(--tint);
  display: flex;
  height: 40px;
  justify-content: center;
  width: 40px;
}
.row[data-state="stalled"] { --tint: var(--warn); }
.words { min-width: 0; }
.line {
  align-items: baseline;
  display: flex;
  gap: 8px;
  justify-content: space-between;
}
.title {
  font-weight: var(--ha-font-weight-medium, 500);
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.title:focus-visible { outline: none; }
/* The area to tap, and what shows the focus: the whole row. */
.title::after {
  border-radius: var(--ha-border-radius-md, 8px);
  content: "";
  inset: 0 8px;
  position: absolute;
  transition: background-color 180ms;
}
.title:focus-visible::after { outline: 2px solid var(--primary-color, #009ac7); }
/* A text in the other direction than the card's begins where all others do. */
:is(.row, .result):dir(ltr) :is(.title, .detail) { text-align: left; }
:is(.row, .result):dir(rtl) :is(.title, .detail) { text-align: right; }
.percent, .elapsed {
  flex: none;
  font-variant-numeric: tabular-nums;
}
.second, .elapsed { color: var(--quiet-text); font-size: var(--ha-font-size-s, 12px); }
.second { min-height: 1.4em; }
.detail {
  flex: 1;
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.bar {
  background: var(--track);
  border-radius: 3px;
  direction: ltr;
  height: 6px;
  margin-top: 6px;
  overflow: hidden;
}
.bar:dir(rtl) { transform: scaleX(-1); }
/* Moved, not made longer: that needs no layout, and there is one every frame. */
.fill {
  background: var(--tint);
  border-radius: inherit;
  height: 100%;
  transform: translateX(calc(var(--progress, 0%) - 100%));
  transition: transform 900ms linear;
}
/* A hundred that glide all the time are more work than all else on the page. */
.rows[data-many] .fill { transition: none; }
.bar[data-indeterminate] .fill {
  animation: pass 1.8s cubic-bezier(0.4, 0, 0.2, 1) infinite;
  transition: none;
  width: 40%;
}
@keyframes pass {
  from { transform: translateX(-100%); }
  to { transform: translateX(250%); }
}

.cancel {
  --mdc-icon-size: 20px;
  align-items: center;
  border-radius: 50%;
  color: var(--quiet-text);
  display: flex;
  height: 40px;
  justify-content: center;
  margin-inline-end: -8px;
  position: relative;
  width: 40px;
  z-index: 1;
}
.cancel[aria-disabled] { cursor: default; opacity: 0.5; }
.strip {
  align-items: center;
  background: color-mix(in srgb, var(--primary-text-color) 6%, transparent);
  border-radius: var(--ha-border-radius-md, 8px);
  display: flex;
  flex-wrap: wrap;
  gap: 4px 8px;
  grid-column: 1 / -1;
  margin-top: 8px;
  padding-block: 4px;
  padding-inline: 12px 4px;
  position: relative;
  z-index: 1;
}
.strip[data-phase="refused"] { border-inline-start: 3px solid var(--error-color, #db4437); }
.strip[data-phase="still_running"] { border-inline-start: 3px solid var(--warn); }
.message { flex: 1 1 12em; overflow-wrap: anywhere; padding-block: 6px; }
.buttons { display: flex; gap: 4px; margin-inline-start: auto; }
.text {
  border-radius: 999px;
  font-weight: var(--ha-font-weight-medium, 500);
  min-height: 36px;
  padding-inline: 12px;
}
.confirm {
  background: var(--ha-color-fill-danger-loud-resting, var(--primary-text-color));
  color: var(--ha-color-on-danger-loud, var(--card-background-color, #fff));
}

.result {
  align-items: center;
  display: grid;
  gap: 12px;
  grid-template-columns: 40px minmax(0, 1fr) auto;
  min-height: 32px;
  padding-inline: 16px;
}
.result .icon {
  --mdc-icon-size: 20px;
  background: none;
  color: var(--quiet-text);
  height: 32px;
}
.result .title { font-weight: var(--ha-font-weight-normal, 400); }
.result[data-state="finished"] .icon { color: var(--success-color, #43a047); }
.result[data-state="interrupted"] .icon { color: var(--warn); }

/* On a touch screen the last thing touched would stay marked. */
@media (hover: hover) {
  .title:not(:disabled):hover::after,
  :is(.cancel, .text:not(.confirm)):hover {
    background: color-mix(in srgb, var(--primary-text-color) 6%, transparent);
  }
  .confirm:hover { filter: brightness(0.9); }
}
@media (prefers-reduced-motion: reduce) {
  .fill, .title::after { transition: none; }
  /* Stripes instead: still to be told from a bar that is full or empty. */
  .bar[data-indeterminate] .fill {
    animation: none;
    background: repeating-linear-gradient(
      -45deg, var(--tint) 0 6px, transparent 6px 12px
    );
    transform: none;
    width: 100%;
  }
}
@media (forced-colors: active) {
  .bar { border: 1px solid CanvasText; }
  .fill { background: Highlight; forced-color-adjust: none; }
}
`;
