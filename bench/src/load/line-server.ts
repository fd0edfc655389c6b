import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

export type Answers = Readonly<Record<string, (body: Record<string, unknown>) => Promise<void>>>;

/** The server of `line-client.ts`: each line is one call, which is answered when its work is done. */
export function serveLines(port: number, answers: Answers): Promise<void> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    createInterface({ input: socket }).on('line', (line) => {
      const { nth, method, body } = JSON.parse(line) as {
        nth: number;
        method: string;
        body: Record<string, unknown>;
      };
      const reply = (answer: object): void =>
        void socket.write(`${JSON.stringify({ nth, ...answer })}\n`);
      const work = answers[method]?.(body) ?? Promise.reject(new Error(`no ${method} here`));
      work.then(() => reply({})).catch((error: Error) => reply({ error: error.message }));
    });
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}
