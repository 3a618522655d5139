// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IQuoter, Quote} from "./IQuoter.sol";
import {Equilibrium, StackelbergPricing, PricingTerms} from "./StackelbergPricing.sol";

/**
 * @title Quoter
 * @notice {StackelbergPricing} for everybody. {IQuoter} says what each function promises.
 */
contract Quoter is IQuoter {
    using StackelbergPricing for PricingTerms;

    uint256 private constant WAD = 1e18;

    /// @inheritdoc IQuoter
    function equilibriumOf(
        PricingTerms calldata terms
    ) external pure returns (Equilibrium memory equilibrium, uint256 payment) {
        equilibrium = StackelbergPricing.equilibrium(terms);
        payment = StackelbergPricing.payment(equilibrium.lambda, equilibrium.d);
    }

    /// @inheritdoc IQuoter
    function quoteOf(
        PricingTerms calldata terms,
        uint256 supply,
        uint256 maxPrice
    ) external pure returns (Quote memory quoted) {
        Equilibrium memory found = StackelbergPricing
            .withMaxPrice(terms, maxPrice)
            .withSupply(supply * WAD)
            .equilibrium();
        quoted.price = found.lambda;
        quoted.amount = (found.d + WAD - 1) / WAD;
        quoted.payment = quoted.price * quoted.amount;
        quoted.regime = found.regime;
    }
}
