/** What stands at the beginning of a line of tests and nowhere else. */
const marks: Readonly<Record<string, RegExp>> = {
  script: /^[ \t]*(?:test|it|describe)(?:\.\w+)*\(\s*["'`]/m,
  python: /^[ \t]*(?:async )?def test\w*\([\s\S]*\b(?:assert|raises)/m,
  go: /^func (?:Test|Benchmark|Fuzz)[A-Z_]\w*\(\w+ \*testing\./m,
  java: /^[ \t]*@(?:Test|ParameterizedTest)\b/m,
  rust: /^[ \t]*#\[test\]/m,
  /** Checks without a frame, as small models write them. */
  bare: /^(?:console\.)?assert(?:\.\w+)?[ (]/m,
};

/** True for code that tests other code. */
export function isTests(code: string): boolean {
  return Object.values(marks).some((mark) => mark.test(code));
}

/** True for the path of a file that holds tests by its name or its folder. */
export function isTestFile(path: string): boolean {
  return /(?:^|[/\\])(?:__tests__[/\\]|tests?[/\\]|test_\w+\.py$|\w+_test\.(?:py|go)$|\w+Tests?\.java$)|\.(?:test|spec)\.[cm]?[jt]sx?$/.test(
    path,
  );
}
