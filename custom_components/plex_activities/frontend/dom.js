// @ts-check
/**
 * Elements that are built once and then written to where something differs.
 *
 * Nothing here takes markup: a title comes from a server, and may contain anything.
 */

/**
 * Build an element.
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function build(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Set an attribute, or remove it if the value is null or false.
 * @param {Element} element
 * @param {string} name
 * @param {string | number | boolean | null} value
 */
export function setAttribute(element, name, value) {
  const wanted = value === null || value === false ? null : value === true ? "" : String(value);
  if (element.getAttribute(name) === wanted) return;
  if (wanted === null) element.removeAttribute(name);
  else element.setAttribute(name, wanted);
}

/**
 * An element that shows items of one kind.
 * @template Item
 * @typedef {{ element: HTMLElement, write: (item: Item) => void }} Part
 */

/**
 * The children of an element, one for each item. A child stays the same as long as its
 * item is there, with whatever focus and animation it has.
 * @template {{ key: string }} Item
 */
export class KeyedList {
  /**
   * @param {HTMLElement} parent
   * @param {() => Part<Item>} make
   */
  constructor(parent, make) {
    this.parent = parent;
    this.make = make;
    /** @type {Map<string, Part<Item>>} */
    this.parts = new Map();
  }

  /** @param {Item[]} items */
  write(items) {
    this.#removeAllBut(new Set(items.map((item) => item.key)));
    let next = this.parent.firstElementChild;
    for (const item of items) {
      let part = this.parts.get(item.key);
      if (!part) this.parts.set(item.key, (part = this.make()));
      if (part.element === next) next = next.nextElementSibling;
      else this.parent.insertBefore(part.element, next);
      part.write(item);
    }
  }

  /** @param {Set<string>} keys */
  #removeAllBut(keys) {
    for (const [key, part] of this.parts) {
      if (keys.has(key)) continue;
      part.element.remove();
      this.parts.delete(key);
    }
  }
}
