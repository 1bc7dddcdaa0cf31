// @ts-check
/**
 * The card's words, from one JSON file per language, and numbers and times as the
 * browser writes them in that language.
 */

/** Every file in the folder `texts`. English has every text; others may lack some. */
export const LANGUAGES = [
  "cs",
  "da",
  "de",
  "en",
  "es",
  "fi",
  "fr",
  "hu",
  "it",
  "ja",
  "ko",
  "nb",
  "nl",
  "pl",
  "pt",
  "pt-BR",
  "ro",
  "ru",
  "sk",
  "sv",
  "tr",
  "uk",
  "zh-Hans",
  "zh-Hant",
];

const FALLBACK = "en";

/**
 * Return the files to read for a language, the best one last.
 * @param {string} language A tag such as "pt-BR".
 * @returns {string[]}
 */
export function filesFor(language) {
  const wanted = language.toLowerCase();
  const [base] = wanted.split("-");
  const isFor = (/** @type {string} */ tag) => (/** @type {string} */ file) =>
    file.toLowerCase() === tag;
  const found = [FALLBACK, LANGUAGES.find(isFor(base)), LANGUAGES.find(isFor(wanted))];
  return [...new Set(found.filter((file) => file !== undefined))];
}

/**
 * @param {string} file
 * @returns {Promise<Record<string, string>>}
 */
async function fetchFile(file) {
  const answer = await fetch(new URL(`./texts/${file}.json`, import.meta.url));
  return answer.ok ? answer.json() : {};
}

/** Texts and formats of one language. Pure: what it needs was read before. */
export class Texts {
  /**
   * @param {string} language
   * @param {Record<string, string>} words
   */
  constructor(language, words) {
    this.language = language;
    this.words = words;
    /** @type {Map<string, any>} */
    this.formats = new Map();
  }

  /**
   * Return a text, with what is to stand in the places of {names}.
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  text(key, values = {}) {
    const text = this.words[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  }

  /**
   * Return the name of a type of activity; one that nobody knows is made readable.
   * @param {string} type
   */
  kind(type) {
    const known = this.words[`kind.${type}`];
    if (known) return known;
    const words = type.replace(/[._-]+/g, " ").trim();
    return words.charAt(0).toLocaleUpperCase(this.language) + words.slice(1);
  }

  /**
   * @param {number} value Of 100.
   */
  percent(value) {
    return this.#number({ style: "percent" }).format(Math.floor(value) / 100);
  }

  /** @param {number} count */
  count(count) {
    return this.#number({}).format(count);
  }

  /**
   * Return a duration in its two largest units, such as "3m 12s".
   * @param {number} seconds
   */
  duration(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    const parts = [
      ["day", Math.floor(whole / 86400)],
      ["hour", Math.floor(whole / 3600) % 24],
      ["minute", Math.floor(whole / 60) % 60],
      ["second", whole % 60],
    ];
    const first = parts.findIndex(([, value]) => value !== 0);
    const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2);
    return shown
      .map(([unit, value]) =>
        this.#number({ style: "unit", unit: String(unit), unitDisplay: "narrow" }).format(
          Number(value),
        ),
      )
      .join(" ");
  }

  /**
   * Return how long ago something was, such as "5 minutes ago".
   * @param {number} seconds
   */
  ago(seconds) {
    /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
    const units = [
      ["day", 86400],
      ["hour", 3600],
      ["minute", 60],
    ];
    const [unit, length] = units.find(([, length]) => seconds >= length) ?? ["second", 60];
    const count = Math.floor(Math.max(0, seconds) / length);
    return this.#format(
      "ago",
      () => new Intl.RelativeTimeFormat(this.language, { numeric: "auto", style: "short" }),
    ).format(-count, unit);
  }

  /** @param {Intl.NumberFormatOptions} options */
  #number(options) {
    return this.#format(
      JSON.stringify(options),
      () => new Intl.NumberFormat(this.language, options),
    );
  }

  /**
   * Return a format, which is costly to make and is asked for every second.
   * @param {string} key
   * @param {() => any} make
   */
  #format(key, make) {
    if (!this.formats.has(key)) this.formats.set(key, make());
    return this.formats.get(key);
  }
}

/**
 * Read the texts of a language. Without any of them the card would still work.
 * @param {string} language
 * @returns {Promise<Texts>}
 */
export async function loadTexts(language) {
  const read = filesFor(language).map((file) => fetchFile(file).catch(() => ({})));
  const words = Object.assign({}, ...(await Promise.all(read)));
  return new Texts(language, words);
}
