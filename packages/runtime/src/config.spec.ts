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

it('readConfig reads the settings of every service', () => {
  expect(readConfig(serviceSettings, good)).toMatchObject({
    KAFKA_BROKERS: ['localhost:9092', 'localhost:9093'],
    HEALTH_PORT: 9101,
  });
});

it('readConfig names all missing and wrong settings at once, and no value', () => {
  const { KAFKA_BROKERS: _missing, ...rest } = good;
  const read = () =>
    readConfig(serviceSettings, { ...rest, DATABASE_URL: 'hunter2', GRPC_ADDRESS: 'nowhere' });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(/3 setting\(s\)/);
  for (const name of ['DATABASE_URL', 'KAFKA_BROKERS', 'GRPC_ADDRESS']) expect(read).toThrow(name);
  expect(read).not.toThrow(/hunter2|nowhere/);
});

it('a service has at most eight settings, including one of its own', () => {
  expect(Object.keys(serviceSettings).length).toBeLessThan(8);
});

it('a driven clock never starts in production', () => {
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
  'the IDENTITY setting accepts keys from a file, by https, or by http on this machine only: %s',
  (IDENTITY, problem) => {
    const read = () => readConfig(serviceSettings, { ...good, IDENTITY });
    if (problem) expect(read).toThrow(problem);
    else expect(read().IDENTITY.keys).toBe(IDENTITY.split('keys=')[1]);
  },
);
