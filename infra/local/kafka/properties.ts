/** The ports of one node, and the address that it advertises. */
export interface NodeAddress {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  /** `host:port` that clients use. */
  readonly advertised: string;
}

/** The `server.properties` of a KRaft node that is broker and controller; one node, or one of three. */
export function serverProperties(
  node: NodeAddress,
  all: readonly NodeAddress[],
  data: string,
): string {
  const copies = all.length;
  const inSync = copies === 1 ? 1 : 2;
  const properties: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${node.advertised}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    ...quorum(all),
    'log.dirs': data,
    // A killed broker can join again only after its old session ends: 9 s by default, too long for a fault test.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

function quorum(all: readonly NodeAddress[]): Record<string, string> {
  const [first] = all;
  if (all.length === 1 && first)
    return { 'controller.quorum.bootstrap.servers': `127.0.0.1:${first.controllerPort}` };
  return {
    'controller.quorum.voters': all
      .map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`)
      .join(),
  };
}

/** Options of the JVM: small and quick to start, or like a server for measurements. */
export const jvmFlags = {
  development: [
    '-Xms128m',
    '-Xmx384m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Xshare:auto',
  ],
  benchmark: ['-Xms1g', '-Xmx1g', '-XX:+UseG1GC'],
} as const;
