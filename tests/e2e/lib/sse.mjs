// A reader of server-sent events, by the rules of the HTML standard's event stream format.

export class SseParser {
  #rest = '';
  #event = emptyEvent();
  #skipLineFeed = false;

  /** Takes the next piece of text and returns the events that it completes: {id, event, data, retry}. */
  feed(text) {
    const events = [];
    if (this.#skipLineFeed && text.startsWith('\n')) text = text.slice(1);
    this.#skipLineFeed = text.endsWith('\r');
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop();
    for (const line of lines) {
      if (line !== '') {
        this.#field(line);
      } else if (this.#event.seen) {
        const { seen: _, data, ...event } = this.#event;
        events.push({ ...event, data: data.join('\n') });
        this.#event = emptyEvent();
      }
    }
    return events;
  }

  #field(line) {
    if (line.startsWith(':')) return;
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    this.#event.seen = true;
    if (name === 'data') this.#event.data.push(value);
    else if (name === 'id' || name === 'event' || name === 'retry') this.#event[name] = value;
  }
}

const emptyEvent = () => ({ seen: false, id: undefined, event: 'message', retry: undefined, data: [] });
