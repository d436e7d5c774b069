// `node tools/package-deb.mjs [vulkan | cuda | cuda-12]`: makes a package of Debian from the folder that `npm run package -- --linux dir`
// left in dist, or one of the parts for graphics cards from the packages of npm. Needs dpkg-deb and nothing else.
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandLineSwitches } from "./command-line-switches.mjs";
import { debianArchitectures, makeDeb } from "./deb.mjs";
import { graphicsParts } from "./native-parts.mjs";
import { root } from "./prepare.mjs";
import { say } from "./progress.mjs";

const place = "/opt/LocalCoder";
const { version, description } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const dependencies = [
  "libgtk-3-0t64 | libgtk-3-0",
  "libnss3",
  "libasound2t64 | libasound2",
  "libatk-bridge2.0-0t64 | libatk-bridge2.0-0",
  "libgbm1",
  "libdrm2",
  "libxss1",
  "libxtst6",
  "libnotify4",
  // Chromium opens it by its name, and ends without a word where it is missing.
  "libx11-xcb1",
  // What node-llama-cpp's libraries are linked with.
  "libstdc++6",
];

const desktopEntry = `[Desktop Entry]
Name=LocalCoder
Comment=${description}
Exec=${place}/localcoder-desktop %F
Terminal=false
Type=Application
Icon=localcoder-desktop
StartupWMClass=LocalCoder
MimeType=inode/directory;text/plain;application/x-code-workspace;
Categories=Development;IDE;
Keywords=editor;code;ai;
`;

const launcher = `#!/bin/sh
# The command line of LocalCoder.
exec ${place}/localcoder-desktop ${commandLineSwitches("linux").join(" ")} "$@"
`;

// Ubuntu gives user namespaces, and so Chromium its sandbox, only to programs with a profile.
const profile = `abi <abi/4.0>,
include <tunables/global>

profile localcoder-desktop ${place}/localcoder-desktop flags=(unconfined) {
  userns,
  include if exists <local/localcoder-desktop>
}
`;

// Without user namespaces Chromium's sandbox needs a helper that root lends its rights; with them it is better not to.
const afterInstall = `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  if [ -L /proc/self/ns/user ] && unshare --user true 2>/dev/null; then
    chmod 0755 ${place}/chrome-sandbox
  else
    chmod 4755 ${place}/chrome-sandbox
  fi
  if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
  # Older systems know no such profile and need none.
  if command -v apparmor_parser >/dev/null && apparmor_parser --skip-kernel-load --skip-cache ${place}/resources/apparmor-profile >/dev/null 2>&1; then
    cp ${place}/resources/apparmor-profile /etc/apparmor.d/localcoder-desktop
    if [ -d /sys/kernel/security/apparmor ]; then apparmor_parser --replace /etc/apparmor.d/localcoder-desktop || true; fi
  fi
fi
`;

const beforeRemoval = `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -e /etc/apparmor.d/localcoder-desktop ]; then
  if [ -d /sys/kernel/security/apparmor ]; then apparmor_parser --remove /etc/apparmor.d/localcoder-desktop || true; fi
  rm -f /etc/apparmor.d/localcoder-desktop
fi
`;

/** Where electron-builder leaves the program for a processor. */
export function unpackedFolder(arch) {
  return join(root, "dist", arch === "x64" ? "linux-unpacked" : `linux-${arch}-unpacked`);
}

/** Makes the package of the program from its unpacked folder and answers its path. */
export function packageProgram({ folder, arch, target = join(root, "dist") }) {
  return makeDeb({
    target,
    fields: {
      ...common("localcoder", arch),
      Depends: dependencies.join(", "),
      Suggests:
        graphicsParts("linux", arch)
          .map(({ name }) => `localcoder-${name}`)
          .join(", ") || undefined,
      Description: description.replace(/\.$/, ""),
    },
    scripts: { postinst: afterInstall, prerm: beforeRemoval },
    fill(tree) {
      cpSync(folder, join(tree, place), { recursive: true, verbatimSymlinks: true });
      put(tree, `${place}/resources/apparmor-profile`, profile);
      put(tree, "usr/share/applications/localcoder-desktop.desktop", desktopEntry);
      put(tree, "usr/bin/localcoder", launcher, 0o755);
      symlinkSync(`${place}/localcoder-desktop`, join(tree, "usr/bin/localcoder-desktop"));
      for (const size of [16, 24, 32, 48, 64, 128, 256, 512]) {
        const icons = join(tree, "usr/share/icons/hicolor", `${size}x${size}`, "apps");
        mkdirSync(icons, { recursive: true });
        cpSync(join(root, "resources", "icons", `${size}x${size}.png`), join(icons, "localcoder-desktop.png"));
      }
      put(tree, "usr/share/doc/localcoder/copyright", readFileSync(join(root, "LICENSE"), "utf8"));
    },
  });
}

/** Makes the package of one part for graphics cards and answers its path. */
export function packagePart({ part, arch, target = join(root, "dist") }) {
  return makeDeb({
    target,
    fields: {
      ...common(`localcoder-${part.name}`, arch),
      Depends: [
        `localcoder (= ${version})`,
        ...(part.name === "vulkan" ? ["libvulkan1"] : []),
        ...(part.name === "cuda-12" ? [`localcoder-cuda (= ${version})`] : []),
      ].join(", "),
      Description: `LocalCoder's part for ${part.summary}`,
    },
    fill(tree) {
      for (const name of part.packages) {
        const source = join(root, "node_modules", name);
        if (!existsSync(source)) throw new Error(`${name} is not installed here, and is needed for the part ${part.name}.`);
        // Beside the archive: Node looks there after the archive itself.
        cpSync(source, join(tree, place, "resources", "node_modules", name), { recursive: true });
      }
    },
  });
}

function common(name, arch) {
  return {
    Package: name,
    Version: version,
    Architecture: debianArchitectures[arch],
    Maintainer: "The LocalCoder authors <localcoder@localhost>",
    Section: "devel",
    Priority: "optional",
  };
}

function put(tree, path, text, mode = 0o644) {
  mkdirSync(join(tree, path, ".."), { recursive: true });
  writeFileSync(join(tree, path), text, { mode });
}

function makeNamed(named, { arch }) {
  const parts = graphicsParts("linux", arch);
  const unknown = named.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0)
    throw new Error(`There is no part ${unknown.join(", ")} for this machine. Known are: ${parts.map(({ name }) => name).join(", ")}.`);
  return named.length === 0
    ? [packageProgram({ folder: unpackedFolder(arch), arch })]
    : parts.filter(({ name }) => named.includes(name)).map((part) => packagePart({ part, arch }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    for (const file of makeNamed(process.argv.slice(2), process)) say(`Made ${file}.`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
