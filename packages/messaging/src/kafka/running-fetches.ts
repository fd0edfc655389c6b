import { type PartitionAssigner, PartitionAssigners } from 'kafkajs';

/** The fetches of one consumer that wait for their answers. */
export interface RunningFetches {
  /** Reaches the brokers of the consumer. Otherwise the assigner of kafkajs. */
  readonly assigner: PartitionAssigner;
  /** Answers them with no messages. What the brokers answer later is not read. A later fetch waits for a short time only. */
  end(): void;
}

type Fetch = Awaited<
  ReturnType<Parameters<PartitionAssigner>[0]['cluster']['findBroker']>
>['fetch'];

const WAIT_AFTER_END_MS = 250;

const NOTHING: Awaited<ReturnType<Fetch>> = { responses: [] };

/** kafkajs 2.2.4 stops a consumer only after the brokers have answered its fetches, and a broker without messages answers late. */
export function runningFetches(): RunningFetches {
  const waiting = new Set<() => void>();
  const reached = new WeakSet<object>();
  let hasEnded = false;
  const endable =
    (fetch: Fetch): Fetch =>
    (request) => {
      const { promise, resolve, reject } = Promise.withResolvers<typeof NOTHING>();
      const end = (): void => resolve(NOTHING);
      waiting.add(end);
      fetch(hasEnded ? { ...request, maxWaitTime: WAIT_AFTER_END_MS } : request)
        .then(resolve, reject)
        .finally(() => waiting.delete(end));
      return promise;
    };
  return {
    assigner(config) {
      const { cluster } = config;
      const findBroker = cluster.findBroker.bind(cluster);
      cluster.findBroker = async (node) => {
        const broker = await findBroker(node);
        if (!reached.has(broker)) {
          reached.add(broker);
          broker.fetch = endable(broker.fetch.bind(broker));
        }
        return broker;
      };
      return PartitionAssigners.roundRobin(config);
    },
    end() {
      hasEnded = true;
      for (const end of waiting) end();
    },
  };
}
