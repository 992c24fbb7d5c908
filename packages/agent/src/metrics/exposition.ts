/** A value of a metric, with its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with its samples. A metric without samples is left out. */
export interface Metric {
  /** The name ends with the unit, or with `_total` for a counter. Source: prometheus.io/docs/practices/naming. */
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Returns metrics in the text format of Prometheus, version 0.0.4. Source: prometheus.io/docs/instrumenting/exposition_formats. */
export function expositionText(metrics: readonly Metric[]): string {
  const filled = metrics.filter(({ samples }) => samples.length > 0);
  return `${filled.flatMap(({ name, type, help, samples }) => [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`, ...samples.map((sample) => sampleLine(name, sample))]).join('\n')}\n`;
}

function sampleLine(name: string, { labels, value }: Sample): string {
  const parts = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text).replaceAll('"', '\\"')}"`);
  return `${name}${parts.length === 0 ? '' : `{${parts.join(',')}}`} ${value}`;
}

/** A name can have any character. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
