import { useMutation } from "@tanstack/react-query";
import { apiUrl } from "@/lib/api/origin";
import { readProblem } from "@/lib/api/errors";
import { send } from "@/lib/api/transport";

const URL_LIFETIME_MS = 60_000;

/**
 * Saves a file from the API. It is fetched rather than linked, so that an expired session is renewed first, and because
 * the API may be on another site.
 */
export function useDownload() {
  return useMutation({
    mutationFn: async (path: string) => {
      const response = await send(new Request(apiUrl(path)));
      if (!response.ok) throw await readProblem(response);
      saveFile(await response.blob(), filenameOf(response));
    },
  });
}

function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Not at once: some browsers read the file only a while after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), URL_LIFETIME_MS);
}

function filenameOf(response: Response): string {
  return /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "outlay";
}
