import { z } from "zod";

const provider = z.object({ id: z.literal("localcoder"), name: z.literal("LocalCoder") });

/** Every address in the product description must be empty: the application itself never sends anybody anywhere. */
const noAddress = z.literal("");

/** The names under which the application appears, as product.json states them to the workbench. */
export const productSchema = z.strictObject({
  nameShort: z.string().min(1),
  nameLong: z.string().min(1),
  applicationName: z.string().regex(/^[a-z]+$/),
  dataFolderName: z.string().startsWith("."),
  sharedDataFolderName: z.string().startsWith("."),
  win32AppUserModelId: z.string(),
  darwinBundleIdentifier: z.string(),
  linuxIconName: z.string(),
  urlProtocol: z.string(),
  licenseName: z.string(),
  licenseFileName: z.string(),
  embedderIdentifier: z.string(),
  /** Public half of the Ed25519 key that signs releases, as SPKI in base64; empty where a build answers to nobody. */
  releaseKey: z.union([z.literal(""), z.base64().length(60)]),
  enableTelemetry: z.literal(false),
  builtInExtensions: z.array(z.never()),
  builtInExtensionsEnabledWithAutoUpdates: z.array(z.never()),
  sessionsWindowAllowedExtensions: z.array(z.never()),
  trustedExtensionAuthAccess: z.array(z.never()),
  onboardingKeymaps: z.array(z.never()),
  onboardingThemes: z.array(z.never()),
  /** The workbench asks for all of these keys as soon as there is a chat; every one is ours or empty. */
  defaultChatAgent: z.strictObject({
    extensionId: z.string().startsWith("localcoder."),
    chatExtensionId: z.string().startsWith("localcoder."),
    chatExtensionOutputId: z.literal(""),
    chatExtensionOutputExtensionStateCommand: z.literal(""),
    documentationUrl: noAddress,
    termsStatementUrl: noAddress,
    privacyStatementUrl: noAddress,
    skusDocumentationUrl: noAddress,
    optimizeUsageDocumentationUrl: noAddress,
    publicCodeMatchesUrl: noAddress,
    managePlanUrl: noAddress,
    upgradePlanUrl: noAddress,
    signUpUrl: noAddress,
    provider: z.strictObject({ default: provider, enterprise: provider, google: provider, apple: provider }),
    providerExtensionId: z.literal(""),
    providerUriSetting: z.literal(""),
    providerScopes: z.array(z.never()),
    entitlementUrl: noAddress,
    entitlementSignupLimitedUrl: noAddress,
    chatQuotaExceededContext: z.literal(""),
    completionsQuotaExceededContext: z.literal(""),
    walkthroughCommand: z.literal(""),
    completionsMenuCommand: z.literal(""),
    chatRefreshTokenCommand: z.literal(""),
    generateCommitMessageCommand: z.literal(""),
    resolveMergeConflictsCommand: z.literal(""),
    completionsAdvancedSetting: z.string().startsWith("localcoder."),
    completionsEnablementSetting: z.string().startsWith("localcoder."),
    nextEditSuggestionsSetting: z.string().startsWith("localcoder."),
    tokenEntitlementUrl: noAddress,
    mcpRegistryDataUrl: noAddress,
    managedSettingsUrl: noAddress,
  }),
});
