import { connect } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

/** The number that the Kafka protocol gives to a kind of request. */
export const SYNC_GROUP = 14;

/** Each request and each answer begins with its length. The key of a request and the id of an answer follow. */
const LENGTH_BYTES = 4;
const REQUEST_ID_AT = 8;

export interface AnswersLost {
  readonly socketFactory: ISocketFactory;
  /** Loses the answer to the next request of this kind. Resolves when it was lost. */
  loseNext(kind: number): Promise<void>;
}

/** Connections that pass everything on, except the one answer that a spec wants to lose. */
export function answersLost(): AnswersLost {
  let wanted: { kind: number; id?: number; lost: () => void } | undefined;
  const sent = (frame: Buffer): void => {
    if (wanted && wanted.id === undefined && frame.readInt16BE(LENGTH_BYTES) === wanted.kind)
      wanted.id = frame.readInt32BE(REQUEST_ID_AT);
  };
  const isLost = (frame: Buffer): boolean => {
    if (wanted?.id === undefined || frame.readInt32BE(LENGTH_BYTES) !== wanted.id) return false;
    wanted.lost();
    wanted = undefined;
    return true;
  };
  return {
    loseNext: (kind) =>
      new Promise((lost) => {
        wanted = { kind, lost };
      }),
    socketFactory: ({ host, port, onConnect }) => {
      const socket = connect({ host, port }, onConnect);
      const [write, emit] = [socket.write.bind(socket), socket.emit.bind(socket)];
      let unfinished: Buffer = Buffer.alloc(0);
      Object.assign(socket, {
        write(frame: Buffer, ...rest: never[]) {
          sent(frame);
          return write(frame, ...rest);
        },
        emit(event: string, ...values: unknown[]) {
          if (event !== 'data') return emit(event, ...values);
          const { frames, left } = framesOf(Buffer.concat([unfinished, values[0] as Buffer]));
          unfinished = left;
          for (const frame of frames) if (!isLost(frame)) emit('data', frame);
          return true;
        },
      });
      return socket;
    },
  };
}

function framesOf(bytes: Buffer): { frames: Buffer[]; left: Buffer } {
  const frames: Buffer[] = [];
  let left = bytes;
  while (left.length >= LENGTH_BYTES && left.length >= LENGTH_BYTES + left.readInt32BE(0)) {
    const end = LENGTH_BYTES + left.readInt32BE(0);
    frames.push(left.subarray(0, end));
    left = left.subarray(end);
  }
  return { frames, left };
}
