import type { IEditorOverrideServices } from "@codingame/monaco-vscode-api";
import { SyncDescriptor } from "@codingame/monaco-vscode-api/vscode/vs/platform/instantiation/common/descriptors";
import { IAiEditTelemetryService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/contrib/editTelemetry/browser/telemetry/aiEditTelemetry/aiEditTelemetryService.service";

let count = 0;

/** The editor asks this service for an id of each suggestion it shows, and tells it what became of them. It keeps nothing. */
class SilentSuggestionStatistics {
  readonly _serviceBrand = undefined;

  createSuggestionId(): string {
    count++;
    return `suggestion-${count}`;
  }

  handleCodeAccepted(): void {}
}

/** The service in the form the workbench takes services in. */
export function suggestionStatisticsServices(): IEditorOverrideServices {
  return { [IAiEditTelemetryService.toString()]: new SyncDescriptor(SilentSuggestionStatistics, [], true) };
}
