// @ts-check
/**
 * Hears what the servers run, over Home Assistant's websocket, and keeps hearing it:
 * through a lost connection and a restart of Home Assistant.
 */

/**
 * An activity, as the feed describes it.
 * @typedef {object} Activity
 * @property {string} activity_id
 * @property {string} activity_type
 * @property {string} title
 * @property {string} subtitle
 * @property {number | null} progress
 * @property {string | null} library
 * @property {string} started_at
 * @property {string | null} ended_at
 * @property {string | null} entity_id
 * @property {string} state
 * @property {boolean} quiet
 * @property {boolean} can_cancel
 */

/**
 * A server, put together from all that was said of it.
 * @typedef {object} Server
 * @property {string} id
 * @property {string | null} name
 * @property {string} status
 * @property {string | null} transport
 * @property {Map<string, Activity>} activities
 * @property {Activity[]} recent
 */

/**
 * What a card knows.
 * @typedef {object} Known
 * @property {"loading" | "ready" | "gone" | "not_permitted"} phase
 * @property {Map<string, Server>} servers
 * @property {number} skew Milliseconds by which the server's clock is ahead.
 * @property {string | null} card The version of the card that the server has.
 */

/** @type {Readonly<Known>} */
export const NOTHING = { phase: "loading", servers: new Map(), skew: 0, card: null };

/**
 * Return what is known after a message.
 * @param {Readonly<Known>} known
 * @param {any} message
 * @param {number} now
 * @returns {Known}
 */
export function afterMessage(known, message, now) {
  const isFirst = "card" in message;
  const servers = new Map(isFirst ? [] : known.servers);
  for (const id of message.removed ?? []) servers.delete(id);
  for (const said of message.servers) {
    const id = said.config_entry_id;
    const before = said.complete ? undefined : servers.get(id);
    servers.set(id, afterSaid(before, said));
  }
  return {
    phase: "ready",
    servers,
    skew: Date.parse(message.now) - now || 0,
    card: isFirst ? message.card : known.card,
  };
}

/**
 * @param {Server | undefined} before
 * @param {any} said
 * @returns {Server}
 */
function afterSaid(before, said) {
  const activities = new Map(before?.activities);
  for (const id of said.gone ?? []) activities.delete(id);
  for (const activity of said.activities ?? []) {
    activities.set(activity.activity_id, activity);
  }
  return {
    id: said.config_entry_id,
    name: said.name ?? before?.name ?? null,
    status: said.status ?? before?.status ?? "loading",
    transport: "transport" in said ? said.transport : (before?.transport ?? null),
    activities,
    recent: said.recent ?? before?.recent ?? [],
  };
}

/** What an error of the subscription means. Everything else passes, and is tried again. */
const FINAL = /** @type {Record<string, Known["phase"]>} */ ({
  not_found: "gone",
  unauthorized: "not_permitted",
});
/** Milliseconds. Home Assistant answers before it has set up everything. */
const RETRY = { first: 1000, longest: 30000 };

/** One subscription, for as long as it is not closed. */
export class Feed {
  /**
   * @param {any} connection Home Assistant's connection of this page.
   * @param {string | undefined} entryId The one server to hear of, or all.
   * @param {(known: Known) => void} onChange
   */
  constructor(connection, entryId, onChange) {
    this.connection = connection;
    this.request = {
      type: "plex_activities/subscribe",
      ...(entryId ? { config_entry_id: entryId } : {}),
    };
    this.onChange = onChange;
    this.known = NOTHING;
    this.retry = RETRY.first;
    /** What a subscription that was given up may still say is not listened to. */
    this.attempt = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {(() => Promise<void>) | undefined} */
    this.unsubscribe = undefined;
    this.connection.addEventListener("ready", this.open);
    if (connection.connected) this.open();
  }

  /**
   * Subscribe. Also after a connection was lost: the client could do that by itself, but
   * then nobody would learn that a Home Assistant that is starting refused it.
   */
  open = async () => {
    clearTimeout(this.timer);
    const attempt = ++this.attempt;
    this.unsubscribe = undefined;
    const hear = (/** @type {any} */ message) => {
      if (attempt === this.attempt) this.#handle(message);
    };
    try {
      const unsubscribe = await this.connection.subscribeMessage(hear, this.request, {
        resubscribe: false,
      });
      if (attempt === this.attempt) this.unsubscribe = unsubscribe;
      else unsubscribe().catch(() => {});
    } catch (error) {
      if (attempt === this.attempt) this.#handleError(error);
    }
  };

  close() {
    this.attempt++;
    clearTimeout(this.timer);
    this.connection.removeEventListener("ready", this.open);
    // The connection may be lost, and the subscription with it.
    this.unsubscribe?.().catch(() => {});
    this.unsubscribe = undefined;
  }

  /** @param {any} message */
  #handle(message) {
    this.retry = RETRY.first;
    this.#set(afterMessage(this.known, message, Date.now()));
  }

  /** @param {any} error */
  #handleError(error) {
    const phase = FINAL[error?.code];
    this.#set({ ...NOTHING, phase: phase ?? "loading" });
    if (phase) return;
    this.timer = setTimeout(this.open, this.retry);
    this.retry = Math.min(this.retry * 2, RETRY.longest);
  }

  /** @param {Known} known */
  #set(known) {
    this.known = known;
    this.onChange(known);
  }
}
