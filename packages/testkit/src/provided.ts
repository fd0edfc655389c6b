/** What the global set-up provides to every spec file. */
declare module 'vitest' {
  export interface ProvidedContext {
    postgresAdminUrl: string;
    databaseSecret: string;
    kafkaBrokers: string[];
  }
}

export {};
