export function startDisplay(): Promise<{ environment: Record<string, string>; stop(): void }>;
