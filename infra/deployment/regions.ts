import type { ServiceManifest } from '@opennrm/contracts/manifest';

/** The environment variable that holds a service's database password, e.g. `CASE_VAULT_PASSWORD`. */
export const passwordName = (service: string): string =>
  `${service.replaceAll('-', '_').toUpperCase()}_PASSWORD`;

/** The files of a deployment that name every service, inside the repository. */
export const deploymentFiles = [
  'infra/compose.yaml',
  'infra/docker/compose.trial.yaml',
  'infra/docker/new-secrets.sh',
  'infra/monitoring/prometheus.yaml',
] as const;

type Region = (services: readonly ServiceManifest[]) => readonly string[];

const regions: Readonly<Record<string, Region>> = {
  passwords: (services) =>
    services
      .map(({ name }) => passwordName(name))
      .map((password) => `${password}: \${${password}:?run infra/docker/new-secrets.sh}`),
  services: (services) => services.flatMap((one) => ['', ...composeService(one)]).slice(1),
  volumes: (services) => services.flatMap(({ keys }) => (keys ? [`${keys.volume}:`] : [])),
  trial: (services) => services.map(({ name }) => `${name}: *trial`),
  targets: (services) => services.map(({ name }) => `- ${name}:9100`),
  secrets: (services) => [
    `services='${services.map(({ name }) => name.replaceAll('-', '_').toUpperCase()).join(' ')}'`,
  ],
};

function composeService({ name, ports, keys }: ServiceManifest): string[] {
  const database = name.replaceAll('-', '_');
  const volumes = [`"\${COUNTRY_PACK:?the folder of the country pack}:/country:ro"`].concat(
    keys ? [`"${keys.volume}:/keys"`] : [],
  );
  return [
    `${name}:`,
    '  <<: *service',
    `  image: opennrm/${name}`,
    '  build:',
    '    context: ..',
    '    dockerfile: infra/docker/Dockerfile',
    '    target: service',
    `    args: { SERVICE: ${name} }`,
    `  ports: ["127.0.0.1:${ports.grpc}:50051"]`,
    '  environment:',
    '    <<: *settings',
    `    DATABASE_URL: postgres://${database}_service:\${${passwordName(name)}}@postgres:5432/opennrm_${database}`,
  ]
    .concat(keys ? [`    ${keys.setting}: /keys${keys.file ? `/${keys.file}` : ''}`] : [])
    .concat([`  volumes: [${volumes.join(', ')}]`]);
}

const REGION = /^(?<indent> *)# generated: (?<name>[a-z]+)\n(?:.*\n)*?\k<indent># end$/gm;

/**
 * The text of a file with each region written anew: what stands between a line `# generated: <name>` and the next `# end`.
 * @throws for a region that this does not know
 */
export const withRegions = (text: string, services: readonly ServiceManifest[]): string =>
  text.replace(REGION, (_all, indent: string, name: string) => {
    const region = regions[name];
    if (!region) throw new Error(`there is no generated region "${name}"`);
    const lines = [`# generated: ${name}`, ...region(services), '# end'];
    return lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n');
  });
