import { createContext, useContext } from "react";
import type { User } from "@/lib/api/current-user";

export type WeekStart = User["week_start"];

export const WEEK_STARTS = ["monday", "sunday", "saturday"] as const satisfies readonly WeekStart[];

/** The first day of the week for the current user. */
export const WeekStartContext = createContext<WeekStart>("monday");

export function useWeekStart(): WeekStart {
  return useContext(WeekStartContext);
}
