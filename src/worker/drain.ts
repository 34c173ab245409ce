/**
 * Takes what a client still sends after it was decided to answer without it:
 * where a connection ends with bytes unread, the client may never see the answer.
 *
 * @module
 */

/** What is taken at most: longer bodies are the client's own loss. */
const MOST = { bytes: 64 * 1024, time: 1000 };

/**
 * Reads a body to its end and forgets it, where nobody has read it and it is short.
 *
 * @param request The request.
 */
export async function drain({ body, bodyUsed }: Request): Promise<void> {
  if (body === null || bodyUsed) return;
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((done) => void (timer = setTimeout(done, MOST.time)));
  try {
    await Promise.race([readShort(reader), late]);
  } finally {
    clearTimeout(timer);
    // The rest is of no use; that it cannot be had either is no news.
    void reader.cancel().catch(() => {});
  }
}

async function readShort(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    for (let length = 0; length <= MOST.bytes;) {
      const { done, value } = await reader.read();
      if (done) return;
      length += value.length;
    }
  } catch {
    // The client broke off; nobody wanted its body.
  }
}
