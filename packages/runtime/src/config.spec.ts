import { expect, it } from 'vitest';
import { ConfigurationError, readConfig, serviceSettings } from './config.ts';
import { businessClock } from './process.ts';

const good = {
  DATABASE_URL: 'postgres://someone:secret@localhost/db',
  KAFKA_BROKERS: 'localhost:9092,localhost:9093',
  GRPC_ADDRESS: '127.0.0.1:50051',
  HEALTH_PORT: '9101',
  COUNTRY_PACK: 'sample',
  IDENTITY: 'issuer=a audience=b keys=jwks.json',
};

it('reads what every service has', () => {
  expect(readConfig(serviceSettings, good)).toMatchObject({
    KAFKA_BROKERS: ['localhost:9092', 'localhost:9093'],
    HEALTH_PORT: 9101,
  });
});

it('names everything that is missing or wrong at once, and no value', () => {
  const { KAFKA_BROKERS: _missing, ...rest } = good;
  const read = () =>
    readConfig(serviceSettings, { ...rest, DATABASE_URL: 'hunter2', GRPC_ADDRESS: 'nowhere' });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(/3 setting\(s\)/);
  for (const name of ['DATABASE_URL', 'KAFKA_BROKERS', 'GRPC_ADDRESS']) expect(read).toThrow(name);
  expect(read).not.toThrow(/hunter2|nowhere/);
});

it('asks for eight settings at the most, with the one that a service may add', () => {
  expect(Object.keys(serviceSettings).length).toBeLessThan(8);
});

it('never starts a driven clock in production', () => {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    expect(() => businessClock('clock.json')).toThrow(/CLOCK_FILE/);
  } finally {
    process.env.NODE_ENV = before;
  }
});

it.each([
  ['issuer=https://a audience=b keys=https://a/keys', undefined],
  ['issuer=a audience=b keys=/run/keys.json', undefined],
  ['issuer=a audience=b keys=http://127.0.0.1:8080/keys', undefined],
  ['issuer=a audience=b keys=http://localhost/keys?of=1', undefined],
  [
    'issuer=a audience=b keys=http://login.example.org/keys',
    /IDENTITY: keys must be an https address/,
  ],
  [
    'issuer=a audience=b keys=http://localhost.example.org/keys',
    /IDENTITY: keys must be an https address/,
  ],
  ['issuer=a audience=b keys=ftp://127.0.0.1/keys', /IDENTITY: keys must be an https address/],
  ['audience=b keys=/run/keys.json', /IDENTITY: issuer=… is missing/],
  ['issuer=a keys=/run/keys.json', /IDENTITY: audience=… is missing/],
  ['issuer= audience=b', /IDENTITY: issuer=… is missing; keys=… is missing/],
])(
  'takes keys from a file, by https, or by http on this machine alone: %s',
  (IDENTITY, problem) => {
    const read = () => readConfig(serviceSettings, { ...good, IDENTITY });
    if (problem) expect(read).toThrow(problem);
    else expect(read().IDENTITY.keys).toBe(IDENTITY.split('keys=')[1]);
  },
);
