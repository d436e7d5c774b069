/** A port nobody listens on: what a child sends to a proxy there goes nowhere and fails at once. */
const nowhere = "http://127.0.0.1:9";

const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY"];

/**
 * The environment of our own child processes (never of the user's terminals): well-behaved programs then reach this machine only.
 * It is a second layer for programs that we start; those of ours have the gate itself.
 */
export function gatedEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const result: NodeJS.ProcessEnv = { ...env };
  for (const name of proxies) {
    result[name] = nowhere;
    result[name.toLowerCase()] = nowhere;
  }
  result.NO_PROXY = result.no_proxy = "localhost,127.0.0.1,::1";
  return {
    ...result,
    GIT_ALLOW_PROTOCOL: "file",
    GIT_TERMINAL_PROMPT: "0",
    HF_HUB_OFFLINE: "1",
    PIP_NO_INDEX: "1",
    npm_config_offline: "true",
    DO_NOT_TRACK: "1",
    NODE_LLAMA_CPP_SKIP_DOWNLOAD: "true",
  };
}
