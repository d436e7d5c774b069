/** How an app for macOS is signed with what the environment names (docs/releasing.md): settings of electron-builder, and what is to be said. */
export function signingOnMac(env) {
  if (!env.CSC_LINK && !env.CSC_NAME) {
    return {
      // Apple Silicon runs nothing unsigned; a hardened runtime would refuse our own libraries, because such a signature names nobody.
      settings: { "mac.identity": "-", "mac.hardenedRuntime": "false", "mac.notarize": "false" },
      remark: "No certificate is named (CSC_LINK), so the app is signed without one. docs/releasing.md says how such an app is opened.",
    };
  }
  const named = (...names) => names.every((name) => env[name]);
  const notarised =
    named("APPLE_API_KEY", "APPLE_API_KEY_ID", "APPLE_API_ISSUER") || named("APPLE_ID", "APPLE_APP_SPECIFIC_PASSWORD", "APPLE_TEAM_ID");
  return {
    settings: { "mac.notarize": String(notarised) },
    remark: notarised ? undefined : "The app is signed and not notarised: nothing is named for that (APPLE_API_KEY and its kin).",
  };
}
