import { context, DiagLogLevel, diag, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Log } from '../log.ts';

const WARN_EVERY_MS = 3_600_000;
const LIMITS = {
  maxQueueSize: 2_048,
  maxExportBatchSize: 256,
  scheduledDelayMillis: 2_000,
  exportTimeoutMillis: 5_000,
};

/**
 * Sends spans to `OTEL_EXPORTER_OTLP_ENDPOINT` (a variable of OpenTelemetry, whose other `OTEL_…` variables apply too). Without it
 * nothing is traced. A backend that is away costs one warning an hour: spans that do not fit the queue are dropped, and no call waits.
 * @returns a function that stops tracing; undefined when nothing is traced.
 */
export function startTracing(service: string, log: Log): (() => Promise<void>) | undefined {
  if (!process.env.OTEL_EXPORTER_OTLP_ENDPOINT) return undefined;
  let warnedAt = Number.NEGATIVE_INFINITY;
  const warn = (): void => {
    if (Date.now() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = Date.now();
    log.warn('traces cannot be delivered; nothing else is affected');
  };
  const silent = (): void => undefined;
  diag.setLogger(
    { error: warn, warn: silent, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  );
  const tracer = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [
      new BatchSpanProcessor(
        new OTLPTraceExporter({ timeoutMillis: LIMITS.exportTimeoutMillis }),
        LIMITS,
      ),
    ],
  });
  tracer.register();
  return async () => {
    await tracer.shutdown().catch(warn);
    trace.disable();
    context.disable();
    diag.disable();
  };
}
