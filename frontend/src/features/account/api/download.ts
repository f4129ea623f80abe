import { useMutation } from "@tanstack/react-query";
import { apiUrl } from "@/lib/api/origin";
import { problemOf } from "@/lib/api/problems";
import { send } from "@/lib/api/transport";

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
  // The browser has it by the time that it does something else.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}

function nameOf(response: Response): string {
  return /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "outlay";
}
