/** A little project. In the text of a document `«` is a cursor and `»` the end of what is wanted there; `«!` where no other file helps. */
export interface LittleProject {
  readonly languageId: string;
  readonly files: Readonly<Record<string, string>>;
  readonly documents: Readonly<Record<string, string>>;
}

/** Projects of our own making in which a line can only be written by who knows another file, and lines that need no other. */
export const littleProjects: readonly LittleProject[] = [
  {
    languageId: "typescript",
    files: {
      "src/money.ts": `export interface Money {
  readonly minorUnits: number;
  readonly currencyCode: string;
}

export function addMoney(first: Money, second: Money): Money {
  if (first.currencyCode !== second.currencyCode) throw new Error("Currencies differ.");
  return { minorUnits: first.minorUnits + second.minorUnits, currencyCode: first.currencyCode };
}

export function describeMoney(money: Money, locale: string, withSymbol: boolean): string {
  const formatter = new Intl.NumberFormat(locale, { style: withSymbol ? "currency" : "decimal", currency: money.currencyCode });
  return formatter.format(money.minorUnits / 100);
}
`,
      "src/stock.ts": `import type { Money } from "./money.ts";

export interface StockItem {
  readonly sku: string;
  readonly unitPrice: Money;
  readonly onShelf: number;
}

export class Warehouse {
  private readonly items = new Map<string, StockItem>();

  stockItem(sku: string): StockItem | undefined {
    return this.items.get(sku);
  }

  reserveUnits(sku: string, units: number): boolean {
    const item = this.items.get(sku);
    if (item === undefined || item.onShelf < units) return false;
    this.items.set(sku, { ...item, onShelf: item.onShelf - units });
    return true;
  }

  releaseUnits(sku: string, units: number): void {
    const item = this.items.get(sku);
    if (item !== undefined) this.items.set(sku, { ...item, onShelf: item.onShelf + units });
  }
}
`,
    },
    documents: {
      "src/order.ts": `import { addMoney, describeMoney, type Money } from "./money.ts";
import { Warehouse } from "./stock.ts";

interface OrderLine {
  sku: string;
  units: number;
  price: Money;
}

const warehouse = new Warehouse();

export function totalOf(lines: readonly OrderLine[]): Money {
  let total: Money = { minorUnits: «0, currencyCode: "EUR" };»
  for (const line of lines) {
    total = addMoney(«total, line.price);»
  }
  return «!total;»
}

export function receipt(lines: readonly OrderLine[], locale: string): string {
  const rows = lines.map((line) => \`\${line.units} x \${line.sku}: \${describeMoney(«line.price, locale, true)»}\`);
  rows.push(describeMoney(totalOf(lines), «locale, true));»
  return rows.«!join("\\n");»
}

export function placeOrder(lines: readonly OrderLine[]): boolean {
  const reserved: OrderLine[] = [];
  for (const line of lines) {
    if (!warehouse.reserve«Units(line.sku, line.units)) {»
      for (const done of reserved) warehouse.«releaseUnits(done.sku, done.units);»
      return «!false;»
    }
    reserved.«!push(line);»
  }
  return true;
}

export function isAvailable(line: OrderLine): boolean {
  const item = warehouse.«stockItem(line.sku);»
  return item !== undefined && item.«onShelf >= line.units;»
}
`,
    },
  },
  {
    languageId: "python",
    files: {
      "weather/readings.py": `from dataclasses import dataclass


@dataclass
class Reading:
    station_id: str
    celsius: float
    humidity_percent: int

    def is_plausible(self) -> bool:
        return -60 < self.celsius < 60 and 0 <= self.humidity_percent <= 100


def load_readings(csv_path: str, skip_header: bool = True) -> list[Reading]:
    with open(csv_path) as handle:
        rows = handle.read().splitlines()
    if skip_header:
        rows = rows[1:]
    return [Reading(parts[0], float(parts[1]), int(parts[2])) for parts in (row.split(",") for row in rows)]
`,
      "weather/averages.py": `from .readings import Reading


def rolling_mean(values: list[float], window_size: int) -> list[float]:
    return [sum(values[i : i + window_size]) / window_size for i in range(len(values) - window_size + 1)]


def readings_by_station(readings: list[Reading]) -> dict[str, list[Reading]]:
    grouped: dict[str, list[Reading]] = {}
    for reading in readings:
        grouped.setdefault(reading.station_id, []).append(reading)
    return grouped
`,
    },
    documents: {
      "weather/report.py": `from .averages import readings_by_station, rolling_mean
from .readings import load_readings


def plausible_readings(path):
    readings = load_readings(«path)»
    return [reading for reading in readings if reading.«is_plausible()]»


def station_report(path, days):
    lines = []
    for station, readings in readings_by_station(«plausible_readings(path)).items():»
        temperatures = [reading.«celsius for reading in readings]»
        means = rolling_mean(«temperatures, days)»
        lines.«!append(f"{station}: {means[-1]:.1f}")»
    return "\\n".«!join(lines)»


def dampest_station(path):
    wettest = None
    for reading in plausible_readings(path):
        if wettest is None or reading.«humidity_percent > wettest.humidity_percent:»
            wettest = «!reading»
    return wettest.«station_id»
`,
    },
  },
  {
    languageId: "go",
    files: {
      "queue/queue.go": `package queue

import "time"

type Job struct {
	Identifier string
	Payload    []byte
	NotBefore  time.Time
}

type Queue struct {
	jobs []Job
}

func NewQueue(capacity int) *Queue {
	return &Queue{jobs: make([]Job, 0, capacity)}
}

func (q *Queue) Enqueue(job Job) bool {
	if len(q.jobs) == cap(q.jobs) {
		return false
	}
	q.jobs = append(q.jobs, job)
	return true
}

func (q *Queue) TakeDue(now time.Time) (Job, bool) {
	for index, job := range q.jobs {
		if !job.NotBefore.After(now) {
			q.jobs = append(q.jobs[:index], q.jobs[index+1:]...)
			return job, true
		}
	}
	return Job{}, false
}
`,
    },
    documents: {
      "worker/worker.go": `package worker

import (
	"fmt"
	"time"

	"example.com/jobs/queue"
)

type Worker struct {
	queue  *queue.Queue
	handle func(payload []byte) error
}

func NewWorker(capacity int, handle func(payload []byte) error) *Worker {
	return &Worker{queue: queue.«NewQueue(capacity), handle: handle}»
}

func (w *Worker) Submit(id string, payload []byte, delay time.Duration) error {
	job := queue.Job{«Identifier: id, Payload: payload, NotBefore: time.Now().Add(delay)}»
	if !w.queue.«Enqueue(job) {»
		return fmt.«!Errorf("queue is full")»
	}
	return «!nil»
}

func (w *Worker) RunOnce() error {
	job, found := w.queue.«TakeDue(time.Now())»
	if !found {
		return nil
	}
	return w.handle(«job.Payload)»
}
`,
    },
  },
  {
    languageId: "javascript",
    files: {
      "lib/retry.js": `/** Calls again until it works. */
export async function retryWithBackoff(operation, { attempts = 3, firstDelay = 100, factor = 2 } = {}) {
  let delay = firstDelay;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await operation(attempt);
    } catch (error) {
      if (attempt === attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, delay));
      delay *= factor;
    }
  }
}

export class CircuitBreaker {
  constructor(failureLimit, coolDown) {
    this.failureLimit = failureLimit;
    this.coolDown = coolDown;
    this.failures = 0;
  }

  recordFailure(now) {
    this.failures += 1;
    this.failedAt = now;
  }

  recordSuccess() {
    this.failures = 0;
  }

  isOpen(now) {
    return this.failures >= this.failureLimit && now - this.failedAt < this.coolDown;
  }
}
`,
    },
    documents: {
      "src/client.js": `import { CircuitBreaker, retryWithBackoff } from "../lib/retry.js";

const breaker = new CircuitBreaker(«5, 30_000);»

export async function getJson(url) {
  if (breaker.«isOpen(Date.now())) throw new Error("The service is resting.");»
  try {
    const answer = await retryWithBackoff(() => fetch(url), { «attempts: 5, firstDelay: 200 });»
    breaker.«recordSuccess();»
    return await answer.«!json();»
  } catch (error) {
    breaker.«recordFailure(Date.now());»
    throw «!error;»
  }
}
`,
    },
  },
  {
    languageId: "rust",
    files: {
      "src/grid.rs": `pub struct Grid {
    cells: Vec<u8>,
    columns: usize,
}

impl Grid {
    pub fn with_size(columns: usize, rows: usize) -> Self {
        Grid { cells: vec![0; columns * rows], columns }
    }

    pub fn row_count(&self) -> usize {
        self.cells.len() / self.columns
    }

    pub fn column_count(&self) -> usize {
        self.columns
    }

    pub fn cell_at(&self, column: usize, row: usize) -> u8 {
        self.cells[row * self.columns + column]
    }

    pub fn put_cell(&mut self, column: usize, row: usize, value: u8) {
        let index = row * self.columns + column;
        self.cells[index] = value;
    }
}
`,
    },
    documents: {
      "src/rotate.rs": `use crate::grid::Grid;

pub fn rotate(grid: &Grid) -> Grid {
    let mut turned = Grid::«with_size(grid.row_count(), grid.column_count());»
    for row in 0..grid.«row_count() {»
        for column in 0..grid.«column_count() {»
            let value = grid.«cell_at(column, row);»
            turned.«put_cell(row, column, value);»
        }
    }
    «!turned»
}
`,
    },
  },
];
