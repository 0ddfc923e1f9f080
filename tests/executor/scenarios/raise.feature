Feature: Raise Task
  Errors that workflows make themselves.

  Scenario: An error by name
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: an-error-by-name
      version: '1.0.0'
    use:
      errors:
        notImplemented:
          type: https://example.com/errors/not-implemented
          status: 500
          title: Not Implemented
    do:
      - stop:
          raise: { error: notImplemented }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://example.com/errors/not-implemented
    status: 500
    title: Not Implemented
    instance: /do/0/stop
    """

  Scenario: An error with expressions in it
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: an-error-with-expressions-in-it
      version: '1.0.0'
    do:
      - stop:
          raise:
            error:
              type: https://example.com/errors/stock
              status: 409
              title: Out of stock
              detail: ${ "only \(.left) left of \($workflow.definition.document.name)" }
    """
    And given the workflow input is:
    """yaml
    left: 3
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://example.com/errors/stock
    status: 409
    title: Out of stock
    detail: only 3 left of an-error-with-expressions-in-it
    instance: /do/0/stop
    """

  Scenario: An error raised deep within says where
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: an-error-raised-deep-within-says-where
      version: '1.0.0'
    do:
      - outer:
          for: { in: '[1]' }
          do:
            - choose:
                fork:
                  branches:
                    - left:
                        do:
                          - stop:
                              raise: { error: { type: 'https://example.com/errors/deep', status: 500 } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://example.com/errors/deep
    status: 500
    instance: /do/0/outer/do/0/choose/fork/branches/0/left/do/0/stop
    """

  Scenario: A raise that is not reached
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-raise-that-is-not-reached
      version: '1.0.0'
    do:
      - stop:
          if: .age < 18
          raise: { error: { type: 'https://example.com/errors/underage', status: 403 } }
      - go:
          set: { ok: true }
    """
    And given the workflow input is:
    """yaml
    age: 20
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    ok: true
    """
