/** Code with holes: «…» is what a model is to write, one hole at a time while the others are filled. Written for this purpose. */
export interface Snippet {
  readonly path: string;
  readonly text: string;
}

/** Small programs of the kind people have open, in the languages they write most. */
export const snippets: readonly Snippet[] = [
  {
    path: "src/cart.ts",
    text: `export interface Line {
  readonly name: string;
  readonly price: number;
  readonly quantity: number;
}

export function totalOf(lines: readonly Line[]): number {
  let total = 0;
  for (const line of lines) {
    total += «line.price * line.quantity;»
  }
  return total;
}

export function cheapest(lines: readonly Line[]): Line | undefined {
  let best: Line | undefined;
  for (const line of lines) {
    if (best === undefined || line.price < «best.price) best = line;»
  }
  return best;
}

export function namesOf(lines: readonly Line[]): string[] {
  return lines.map((line) => «line.name);»
}
`,
  },
  {
    path: "src/queue.ts",
    text: `export class Queue<T> {
  private readonly items: T[] = [];

  push(item: T): void {
    this.items.pu«sh(item);»
  }

  shift(): T | undefined {
    return this.items.«shift();»
  }

  get size(): number {
    return «this.items.length;»
  }

  clear(): void {
    this.items.length «= 0;»
  }
}
`,
  },
  {
    path: "lib/words.js",
    text: `function countWords(text) {
  const counts = new Map();
  for (const word of text.toLowerCase().split(/\\s+/)) {
    if (word === "") continue;
    counts.set(word, (counts.get(word) ?? 0) «+ 1);»
  }
  return counts;
}

function mostFrequent(text, limit = 10) {
  const counts = countWords(«text);»
  return [...counts.entries()]
    .sort((a, b) => b[1] - «a[1])»
    .slice(0, limit);
}

module.exports = { countWords, «mostFrequent };»
`,
  },
  {
    path: "shop/inventory.py",
    text: `from dataclasses import dataclass


@dataclass
class Item:
    name: str
    price: float
    stock: int = 0


class Inventory:
    def __init__(self):
        self.items = {}

    def add(self, item):
        self.items[item.name] = «item»

    def remove(self, name):
        if name not in self.items:
            raise KeyError(f"unknown item: {«name}")»
        del self.items[name]

    def value(self):
        return sum(item.price * item.«stock for item in self.items.values())»

    def cheaper_than(self, limit):
        return [item for item in self.items.values() if item.price «< limit]»
`,
  },
  {
    path: "tools/dates.py",
    text: `from datetime import date, timedelta


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 «== 0)»


def days_in_year(year):
    return 366 if «is_leap(year) else 365»


def next_weekday(day):
    day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(«days=1)»
    return day


def days_between(start, end):
    return abs((end - «start).days)»
`,
  },
  {
    path: "internal/store/store.go",
    text: `package store

// Store keeps values by name.
type Store struct {
	values map[string]string
	reads  int
}

func New() *Store {
	return &Store{values: make(«map[string]string)}»
}

func (s *Store) Get(key string) (string, bool) {
	s.reads«++»
	value, ok := s.values[«key]»
	return value, ok
}

func (s *Store) Set(key, value string) {
	s.values[key] = «value»
}

func (s *Store) Len() int {
	return len(«s.values)»
}
`,
  },
  {
    path: "internal/numbers/numbers.go",
    text: `package numbers

// Sum adds up all values.
func Sum(values []int) int {
	sum := 0
	for _, value := range values {
		sum «+= value»
	}
	return sum
}

// Max answers the largest value; ok is false where there is none.
func Max(values []int) (max int, ok bool) {
	for _, value := range values {
		if !ok || value > «max {»
			max, ok = value, true
		}
	}
	return max, «ok»
}
`,
  },
  {
    path: "src/stack.rs",
    text: `pub struct Stack<T> {
    items: Vec<T>,
}

impl<T> Stack<T> {
    pub fn new() -> Self {
        Stack { items: Vec::«new() }»
    }

    pub fn push(&mut self, item: T) {
        self.items.«push(item);»
    }

    pub fn pop(&mut self) -> Option<T> {
        self.items.po«p()»
    }

    pub fn is_empty(&self) -> bool {
        self.items.«is_empty()»
    }
}
`,
  },
  {
    path: "src/geometry.rs",
    text: `#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

pub fn distance(a: Point, b: Point) -> f64 {
    let dx = a.x - b.x;
    let dy = a.y «- b.y;»
    (dx * dx + dy «* dy).sqrt()»
}

pub fn length(path: &[Point]) -> f64 {
    let mut total = 0.0;
    for pair in path.windows(2) {
        total += distance(pair[0], «pair[1]);»
    }
    total
}
`,
  },
  {
    path: "src/main/java/shop/Account.java",
    text: `package shop;

public class Account {
    private final String owner;
    private long balance;

    public Account(String owner) {
        this.owner = «owner;»
    }

    public void deposit(long amount) {
        if (amount <= 0) {
            throw new IllegalArgumentException("amount must be positive");
        }
        balance «+= amount;»
    }

    public void withdraw(long amount) {
        if (amount > balance) {
            throw new IllegalStateException("not enough money");
        }
        balance «-= amount;»
    }

    public long getBalance() {
        return bal«ance;»
    }
}
`,
  },
];
