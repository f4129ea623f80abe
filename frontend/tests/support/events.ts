/** An answer of server-sent events that come when the test says so. */
export function streamed(): { answer(): Response; say(text: string): void; end(): void } {
  let line: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      line = controller;
    },
  });
  return {
    answer: () => new Response(body, { headers: { "Content-Type": "text/event-stream" } }),
    say: (text) => line?.enqueue(new TextEncoder().encode(text)),
    end: () => line?.close(),
  };
}

/** One event as it stands on the wire. */
export function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** An answer of these events, all at once. */
export function events(...all: [string, unknown][]): Response {
  const text = all.map(([name, data]) => event(name, data)).join("");
  return new Response(text, { headers: { "Content-Type": "text/event-stream" } });
}
