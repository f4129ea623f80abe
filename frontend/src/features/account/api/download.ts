import { useMutation } from "@tanstack/react-query";
import { apiUrl } from "@/lib/api/origin";
import { problemOf } from "@/lib/api/problems";
import { send } from "@/lib/api/transport";

const KEPT_MS = 60_000;

/**
 * Hands a file of the API to the person. It is fetched as all else is, and not by a link: then a session that has run
 * out is renewed first, and the API may be on another site.
 */
export function useDownload() {
  return useMutation({
    mutationFn: async (path: string) => {
      const response = await send(new Request(apiUrl(path)));
      if (!response.ok) throw await problemOf(response);
      save(await response.blob(), nameOf(response));
    },
  });
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Not at once: some browsers begin to read it a while after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

function nameOf(response: Response): string {
  return /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "outlay";
}
