/** The process's own metrics, under Prometheus' usual names, read when they are asked for. */

const started = Date.now() / 1000 - process.uptime();

/** Memory, processor time and start time in Prometheus' text format. */
export function formatProcessMetrics(): string {
  const { user, system } = process.cpuUsage();
  const memory = process.memoryUsage();
  return [
    metric("process_cpu_seconds_total", "counter", "Processor time, user and system", (user + system) / 1e6),
    metric("process_resident_memory_bytes", "gauge", "Resident memory", memory.rss),
    metric("process_heap_bytes", "gauge", "JavaScript's heap in use", memory.heapUsed),
    metric("process_start_time_seconds", "gauge", "Start, in seconds since 1970", started),
  ].join("");
}

function metric(name: string, type: string, help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`;
}
