import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../ports.ts';
import { runToEnd } from '../process/run-to-end.ts';
import { type SupervisedProcess, superviseProcess } from '../process/supervise.ts';
import { type Scratch, scratchDirectory } from '../reaper/scratch.ts';
import { brokerAnswers } from './healthy.ts';
import { javaCommand, kafkaJars } from './jars.ts';
import { jvmFlags, type NodeAddress, serverProperties } from './properties.ts';
import type { KafkaNode, KafkaOptions, RunningKafka } from './running.ts';

const READY_WITHIN_MS = 60_000;

/**
 * Apache Kafka's own jars on the local Java: one node or three, on the loopback address, data in a temporary directory.
 * @throws CommandMissing without Java 17 or (for the first time) Maven.
 */
export async function embeddedKafka(options: KafkaOptions): Promise<RunningKafka> {
  const java = await javaCommand();
  const jars = await kafkaJars(options.progress ?? (() => undefined));
  const scratch = await scratchDirectory('kafka');
  const started: SupervisedProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((node) => node.stop()));
    await scratch.remove();
  };
  try {
    const addresses = await chooseAddresses(options);
    const nodes = await startNodes({ java, jars, scratch, options, addresses, started });
    return {
      brokers: addresses.map(({ advertised }) => advertised),
      source: 'embedded',
      nodes,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Launch {
  readonly java: string;
  readonly jars: string;
  readonly scratch: Scratch;
  readonly options: KafkaOptions;
  readonly addresses: readonly NodeAddress[];
  /** The processes that have started, so that they can be stopped when another one fails. */
  readonly started: SupervisedProcess[];
}

async function chooseAddresses(options: KafkaOptions): Promise<NodeAddress[]> {
  const addresses: NodeAddress[] = [];
  for (let id = 1; id <= (options.nodes ?? 1); id++) {
    const port = (id === 1 ? options.port : undefined) ?? (await freePort());
    const advertised = (id === 1 ? options.advertise : undefined) ?? `127.0.0.1:${port}`;
    addresses.push({ id, port, controllerPort: await freePort(), advertised });
  }
  return addresses;
}

/** Formats all nodes, then starts all at the same time: three nodes need each other to become ready. */
async function startNodes(launch: Launch): Promise<KafkaNode[]> {
  const cluster = clusterId();
  const files = await Promise.all(
    launch.addresses.map((address) => formatNode(launch, address, cluster)),
  );
  const outcomes = await Promise.allSettled(
    launch.addresses.map((at, index) => startNode(launch, at, files[index] ?? '')),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

/** 22 characters of Base64url. Never begins with a hyphen, which the format tool would read as an option. */
function clusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}

async function formatNode(
  { java, jars, scratch, addresses }: Launch,
  node: NodeAddress,
  cluster: string,
) {
  const home = join(scratch.path, `node-${node.id}`);
  await mkdir(home);
  const file = join(home, 'server.properties');
  await writeFile(file, serverProperties(node, addresses, join(home, 'data')));
  const alone = addresses.length === 1 ? ['--standalone'] : [];
  const format = [
    'kafka.tools.StorageTool',
    'format',
    ...alone,
    '--cluster-id',
    cluster,
    '--config',
    file,
  ];
  await runToEnd(java, [...jvmFlags.development, ...logging, '-cp', join(jars, '*'), ...format]);
  return file;
}

async function startNode(launch: Launch, address: NodeAddress, file: string): Promise<KafkaNode> {
  const { java, jars, options, addresses, started } = launch;
  const node = await superviseProcess({
    name: addresses.length === 1 ? 'kafka' : `kafka-${address.id}`,
    command: java,
    args: [
      ...jvmFlags[options.tuning ?? 'development'],
      ...logging,
      '-cp',
      join(jars, '*'),
      'kafka.Kafka',
      file,
    ],
    isReady: () => brokerAnswers(`127.0.0.1:${address.port}`, address.id),
    readyWithin: READY_WITHIN_MS,
    stopSignal: 'SIGKILL', // this data is deleted
    ...(options.logDirectory === undefined ? {} : { logDirectory: options.logDirectory }),
  });
  started.push(node);
  return {
    id: address.id,
    address: address.advertised,
    pid: () => node.pid(),
    kill: () => node.kill('SIGKILL'),
    start: () => node.start(),
    pause: () => node.pause(),
    resume: () => node.resume(),
  };
}

const logging = [
  `-Dlog4j2.configurationFile=${fileURLToPath(new URL('./log4j2.xml', import.meta.url))}`,
];
