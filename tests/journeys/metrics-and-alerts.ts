import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { inRepository } from '@opennrm/infra/local';
import { parser } from '@prometheus-io/lezer-promql';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { World } from './world.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook: string; readonly journey: string };
}

const read = (path: string): Promise<string> => readFile(inRepository(path), 'utf8');

async function rules(): Promise<Rule[]> {
  const file = parse(await read('infra/monitoring/alerts.yaml')) as { groups: { rules: Rule[] }[] };
  return file.groups.flatMap((group) => group.rules);
}

async function panels(): Promise<string[]> {
  const { panels: all } = JSON.parse(await read('infra/monitoring/grafana/dashboard.json')) as {
    panels: { targets: { expr: string }[] }[];
  };
  return all.flatMap((panel) => panel.targets.map((target) => target.expr));
}

/** The metrics that an expression names. @throws when it is no PromQL. */
function metricsIn(expression: string): string[] {
  const found: string[] = [];
  parser.parse(expression).iterate({
    enter({ type, from, to }) {
      if (type.isError) throw new Error(`no PromQL: ${expression}`);
      if (type.name === 'Identifier' && /^[a-z]+_/.test(expression.slice(from, to)))
        found.push(expression.slice(from, to));
    },
  });
  return found;
}

export function metricsAndAlerts(world: () => World): void {
  it('exports every metric that an alert or the dashboard names, from every service', async () => {
    const named = [...(await rules()).map((rule) => rule.expr), ...(await panels())].flatMap(
      metricsIn,
    );
    expect(new Set(named).size).toBeGreaterThan(12);
    for (const { name, healthUrl } of world().platform.services) {
      const text = await (await fetch(`${healthUrl}/metrics`)).text();
      const missing = [...new Set(named)].filter(
        (metric) => !new RegExp(`^${metric}[ {]`, 'm').test(text),
      );
      // nothing is counted yet of a service that was not called, or heard nothing
      expect(
        missing.filter((metric) => !/^opennrm_(call_seconds|messages)/.test(metric)),
        name,
      ).toEqual([]);
    }
  });

  it('ties every alert to a journey that fires it, and to a heading that says what to do', async () => {
    const operations = await read('docs/operations.md');
    for (const { alert, annotations } of await rules()) {
      const fault = `tests/faults/${annotations.journey}.ts`;
      expect(existsSync(inRepository(fault)), fault).toBe(true);
      expect(await read(fault), `${fault} waits for ${alert}`).toContain(
        `untilAlert(world(), '${alert}')`,
      );
      expect(operations).toContain(`### ${annotations.runbook}\n`);
    }
  });
}
