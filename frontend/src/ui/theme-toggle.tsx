import { useLingui } from "@lingui/react/macro";
import { type Theme, useTheme } from "@/lib/theme";
import { Button } from "./button";
import { Icon, type IconName } from "./icon";

const NEXT: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const ICONS: Record<Theme, IconName> = { system: "device", light: "sun", dark: "moon" };

/** Cycles through the themes: system, light, dark. */
export function ThemeToggle() {
  const { t } = useLingui();
  const [theme, choose] = useTheme();
  const names: Record<Theme, string> = { system: t`as the device`, light: t`light`, dark: t`dark` };
  const current = names[theme];
  const next = names[NEXT[theme]];
  return (
    <Button variant="icon" aria-label={t`Colours: ${current}. Change to ${next}.`} onPress={() => choose(NEXT[theme])}>
      <Icon name={ICONS[theme]} />
    </Button>
  );
}
