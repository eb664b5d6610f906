// Remembers what a client sent and received, so that a failed test shows the wire.

const entriesKept = 60;
const textKept = 600;

export class Wire {
  #entries = [];
  #openStreams = 0;

  /** A fetch for the client under test. */
  get fetch() {
    return async (url, init = {}) => {
      const method = init.method ?? 'GET';
      this.#note('>', `${method} ${new URL(url).pathname}${headersOf(init)} ${init.body ?? ''}`);
      const response = await fetch(url, init).catch((error) => {
        this.#note('!', `${method}: ${error.message}`);
        throw error;
      });
      this.#note('<', `${response.status} ${response.headers.get('content-type') ?? ''} to ${method}`);
      if (method === 'GET' && response.ok) this.#openStreams += 1;
      return response.body ? this.#watch(response) : response;
    };
  }

  /** How many GET streams were opened so far. */
  get openedStreams() {
    return this.#openStreams;
  }

  #watch(response) {
    const decoder = new TextDecoder();
    const tap = new TransformStream({
      transform: (chunk, controller) => {
        this.#note('<', decoder.decode(chunk, { stream: true }).trim());
        controller.enqueue(chunk);
      },
    });
    const watched = new Response(response.body.pipeThrough(tap), response);
    Object.defineProperty(watched, 'url', { value: response.url });
    return watched;
  }

  #note(direction, text) {
    const shown = text.length > textKept ? `${text.slice(0, textKept)}… (${text.length})` : text;
    this.#entries.push(`${direction} ${shown.replaceAll('\n', '\n  ')}`);
    if (this.#entries.length > entriesKept) this.#entries.shift();
  }

  toString() {
    return this.#entries.join('\n');
  }
}

function headersOf(init) {
  const shown = [...new Headers(init.headers)].filter(([name]) => /^(mcp-|last-event-id)/.test(name));
  return shown.map(([name, value]) => ` [${name}: ${value}]`).join('');
}
