import { Plural } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Checkbox } from "@/ui/checkbox";
import { tokensQuery } from "../api/tokens";

export interface RevokeTokensCheckboxProps {
  isSelected: boolean;
  onChange(isSelected: boolean): void;
}

/** Offers to revoke the API tokens too; hidden if there are none. */
export function RevokeTokensCheckbox({ isSelected, onChange }: RevokeTokensCheckboxProps) {
  const count = useQuery(tokensQuery).data?.length ?? 0;
  if (count === 0) return null;
  return (
    <Checkbox isSelected={isSelected} onChange={onChange}>
      <span>
        <Plural
          value={count}
          one="Revoke the token of # program as well"
          other="Revoke the tokens of # programs as well"
        />
      </span>
    </Checkbox>
  );
}
