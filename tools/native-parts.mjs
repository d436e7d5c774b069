// Which native files a package of a platform has to contain, and which packages of npm they come from. Imports no package: prepare.mjs
// uses it in a fresh clone.

const systems = { linux: "linux", darwin: "mac", win32: "win" };

/** What node-llama-cpp calls its package for a machine: Metal comes with the base on Apple Silicon, everything else is for the processor. */
export function llamaPackage(platform, arch) {
  const name = `${systems[platform]}-${arch}`;
  return platform === "darwin" && arch === "arm64" ? `${name}-metal` : name;
}

/** The native files that the program opens or starts, as paths below node_modules. */
export function nativeFiles(platform, arch) {
  const target = `${platform}-${arch}`;
  const llama = llamaPackage(platform, arch);
  return [
    `better-sqlite3/prebuilds/${target}.node`,
    `@node-llama-cpp/${llama}/bins/${llama}/llama-addon.node`,
    ...(platform === "win32"
      ? [`@lydell/node-pty-${target}/conpty.node`, `@vscode/ripgrep-${target}/bin/rg.exe`]
      : [`@lydell/node-pty-${target}/pty.node`, `@vscode/ripgrep-${target}/bin/rg`]),
    // The graphics card's part of llama.cpp carries its shaders inside.
    ...(platform === "darwin"
      ? [`@node-llama-cpp/${llama}/bins/${llama}/libggml-metal.so`, `@lydell/node-pty-${target}/spawn-helper`]
      : []),
  ];
}

/** The packages of npm with the native files of a platform, and which package says the version of each. */
export function nativePackages(platform, arch) {
  const target = `${platform}-${arch}`;
  return [
    { name: `@node-llama-cpp/${llamaPackage(platform, arch)}`, owner: "node-llama-cpp" },
    { name: `@lydell/node-pty-${target}`, owner: "@lydell/node-pty" },
    { name: `@vscode/ripgrep-${target}`, owner: "@vscode/ripgrep" },
  ];
}

/** The parts for graphics cards: packages of their own, because most machines have no use for them. */
export function graphicsParts(platform, arch) {
  if (arch !== "x64" || platform === "darwin") return [];
  const from = (part) => `@node-llama-cpp/${systems[platform]}-${arch}-${part}`;
  return [
    { name: "vulkan", packages: [from("vulkan")], summary: "graphics cards with a Vulkan driver (AMD, Intel, NVIDIA)" },
    { name: "cuda", packages: [from("cuda")], summary: "NVIDIA cards with the runtime of CUDA 13" },
    // Lies beside the part for CUDA 13 and is nothing without it.
    { name: "cuda-12", packages: [from("cuda-ext")], summary: "NVIDIA cards with the runtime of CUDA 12" },
  ];
}
