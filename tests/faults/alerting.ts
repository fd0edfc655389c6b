import { readFile } from 'node:fs/promises';
import { inRepository } from '@opennrm/infra/local';
import { parse } from 'yaml';
import { eventually, type World } from '../journeys/world.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
}

/** What a rule looks at: one metric with labels that match, as it is or as it grows, and a number. */
const SHAPE = /^(rate\()?([a-z_]+)(\{(.*)\})?(?:\[5m\]\))? (>|==) ([\d.]+)$/;

/** Waits until the expression of an alert rule (`infra/monitoring/alerts.yaml`) is true of what some process of the platform exports now. */
export async function untilAlert(world: World, name: string): Promise<void> {
  const rules = parse(await readFile(inRepository('infra/monitoring/alerts.yaml'), 'utf8')) as {
    groups: { rules: Rule[] }[];
  };
  const rule = rules.groups.flatMap((group) => group.rules).find((one) => one.alert === name);
  const [, grows, metric = '', , labels = '', comparison, limit = ''] =
    SHAPE.exec(rule?.expr ?? '') ?? [];
  if (!metric)
    throw new Error(`the rule ${name} is not of a shape that this can evaluate: ${rule?.expr}`);
  const urls = world.platform.services.flatMap(({ replicas }) =>
    replicas.map((one) => one.healthUrl),
  );
  const first = new Map<string, number>();
  await eventually(async () => {
    for (const url of urls) {
      for (const [series, value] of await valuesOf(url, metric, labels)) {
        const before = first.get(`${url} ${series}`) ?? (grows ? 0 : undefined);
        if (!first.has(`${url} ${series}`)) first.set(`${url} ${series}`, value);
        const looked = grows ? value - (before ?? 0) : value;
        if (comparison === '>' ? looked > Number(limit) : looked === Number(limit)) return;
      }
    }
    throw new Error(`${name} does not fire`);
  });
}

/** Every series of a metric whose labels match; `up` is whether the process answers at all. */
async function valuesOf(url: string, metric: string, labels: string): Promise<[string, number][]> {
  const text = await fetch(`${url}/metrics`).then(
    (response) => response.text(),
    () => undefined,
  );
  if (metric === 'up') return [['up', text === undefined ? 0 : 1]];
  const wanted = [...labels.matchAll(/(\w+)=~?"([^"]*)"/g)].map(
    ([, label, values]) => new RegExp(`${label}="(${values})"`),
  );
  const found: [string, number][] = [];
  for (const [, series = '', value = ''] of (text ?? '').matchAll(
    /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/gm,
  )) {
    const name = series.split('{')[0];
    if (name === metric && wanted.every((label) => label.test(series)))
      found.push([series, Number(value)]);
  }
  return found;
}
