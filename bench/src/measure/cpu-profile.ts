import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const TOP = 18;
const IDLE = ['(idle)', '(program)'];

/** Functions of a sampled profile by the time in the function itself, and packages by the time of all their functions. */
export function topFunctions(directory: string): string[] {
  const [file] = readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'));
  if (!file) return ['no profile was written'];
  const profile = JSON.parse(readFileSync(join(directory, file), 'utf8')) as CpuProfile;
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const [functions, packages] = [new Map<string, number>(), new Map<string, number>()];
  let busy = 0;
  for (const [nth, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    const micros = profile.timeDeltas[nth] ?? 0;
    if (!frame || IDLE.includes(frame.functionName)) continue;
    busy += micros;
    const owner = ownerOf(frame.url);
    add(functions, `${frame.functionName || '(anonymous)'} ${owner}`, micros);
    add(packages, owner, micros);
  }
  const share = (micros: number): string =>
    `${((micros / Math.max(1, busy)) * 100).toFixed(1).padStart(5)} %`;
  const lines = (from: Map<string, number>, count: number): string[] =>
    [...from]
      .sort((a, b) => b[1] - a[1])
      .slice(0, count)
      .map(([name, micros]) => `${share(micros)}  ${name}`);
  return [
    `busy ${(busy / 1e6).toFixed(1)} s`,
    ...lines(packages, 10),
    '',
    ...lines(functions, TOP),
  ];
}

const add = (to: Map<string, number>, name: string, micros: number): void =>
  void to.set(name, (to.get(name) ?? 0) + micros);

/** The package or folder to which a function belongs. */
function ownerOf(url: string): string {
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(url)?.[1];
  if (dependency !== undefined) return dependency;
  const own = /(packages|services)\/[^/]+\/(?:src|gen)\/.*$/.exec(url)?.[0];
  return own ?? (url === '' ? 'V8' : url.replace(/^.*\//, ''));
}
