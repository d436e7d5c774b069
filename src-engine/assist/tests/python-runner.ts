import { pythonResults } from "./python-results.ts";

/**
 * Runs one file of tests and writes what came of each test as JSON. Texts that are not on the disk, such as an unsaved document, take
 * the place of files; nothing is written beside them. Limits are set before the first line of foreign code.
 */
export const pythonRunner = `${pythonResults}
from importlib import machinery, util
from json import dump, loads
from os.path import dirname, realpath
from sys import modules, path as search, stdin

config = loads(stdin.read())
try:
    import resource

    for what, most in ((resource.RLIMIT_CPU, config["seconds"]), (resource.RLIMIT_AS, 4 << 30), (resource.RLIMIT_FSIZE, 16 << 20), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
except ImportError:
    pass

texts = {realpath(path): text for path, text in config["texts"].items()}
get_data = machinery.SourceFileLoader.get_data


def instead(self, path):
    text = texts.get(realpath(path))
    if text is not None:
        return text.encode()
    if path.endswith(".pyc"):
        raise OSError(path)
    return get_data(self, path)


machinery.SourceFileLoader.get_data = instead
search[:0] = config["paths"]
results = {}


def note(name, passed, reason=""):
    if name not in results or not passed:
        results[name] = {"passed": passed, "reason": str(reason).strip().splitlines()[-1][:300] if str(reason).strip() else ""}


def with_pytest():
    import pytest

    class Reports:
        def pytest_runtest_logreport(self, report):
            name = report.nodeid.split("::")[1].split("[")[0]
            if report.when == "call" or report.failed:
                note(name, report.outcome == "passed", report.longreprtext if report.failed else "")

        def pytest_collectreport(self, report):
            if report.failed:
                note("", False, report.longreprtext)

    pytest.main([config["file"], "-q", "-p", "no:cacheprovider", "--rootdir", dirname(config["file"])], plugins=[Reports()])


def with_unittest():
    import unittest

    class Reports(unittest.TestResult):
        def addSuccess(self, test):
            note(test.id().split(".")[-1], True)

        def addFailure(self, test, error):
            note(test.id().split(".")[-1], False, error[1])

        def addError(self, test, error):
            note(test.id().split(".")[-1], False, error[1])

    try:
        spec = util.spec_from_file_location("written_tests", config["file"])
        module = util.module_from_spec(spec)
        modules["written_tests"] = module
        spec.loader.exec_module(module)
    except Exception as error:
        note("", False, repr(error))
        return
    unittest.defaultTestLoader.loadTestsFromModule(module).run(Reports())


places = None
if config.get("corrects"):
    with open(config["file"]) as file:
        text = file.read()
    watched, places = watch(text, config["corrects"])
    with open(config["file"], "w") as file:
        file.write(watched)
try:
    with_pytest() if config["framework"] == "pytest" else with_unittest()
    missing = None
except ImportError as error:
    missing = str(error)
with open(config["out"], "w") as out:
    dump({"missing": missing, "results": results, "corrected": corrected(text, places) if places else None}, out)
`;
