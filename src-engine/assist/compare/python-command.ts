import { pythonCompare } from "./python-compare.ts";
import { pythonInputs } from "./python-inputs.ts";
import { pythonOutcomes } from "./python-outcomes.ts";
import { pythonPrograms } from "./python-programs.ts";

const before = `${pythonPrograms}
${pythonInputs}
${pythonOutcomes}
${pythonCompare}
config = json.loads(sys.stdin.read())


def limit():
    """Sets the limits of this process; false where the system has none."""
    if resource is None:
        return False
    for what, most in ((resource.RLIMIT_CPU, config["seconds"]), (resource.RLIMIT_AS, 1 << 30), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
    return True


def answer(value):
    os.write(1, json.dumps(value).encode())


neighbours.update(config["neighbours"])
`;

/**
 * The command that runs a program with all that calls functions with arguments of its own making. `config` is what stands in its input, with
 * `seconds` of processor time and the `neighbours` of a document. Only what comes after `limit()` may run the code of others.
 */
export function pythonCommand(program: string): readonly string[] {
  // The system's own interpreter: one that lies in a folder is a program of that folder.
  return [process.platform === "win32" ? "python" : "python3", "-I", "-S", "-B", "-c", before + program];
}
